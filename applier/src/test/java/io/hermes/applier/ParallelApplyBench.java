package io.hermes.applier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long an app takes for one batch whose requests do not conflict, by its number of connections. Not a test: run its main
 * method with the milliseconds that each request takes.
 */
final class ParallelApplyBench {

    private static final int REQUESTS = 64;
    private static final int RUNS = 41;

    private ParallelApplyBench() {}

    public static void main(String[] args) throws Exception {
        double serviceMillis = args.length > 0 ? Double.parseDouble(args[0]) : 2;
        List<AppCall> calls = new ArrayList<>();
        for (long position = 1; position <= REQUESTS; position++) {
            calls.add(Calls.withConflict(
                    Calls.call(position, Calls.request("POST", "/k/" + position, "body")), "id=" + position));
        }
        for (int connections : List.of(1, 2, 4, 8, 16)) {
            try (ThreadedApp app = new ThreadedApp((target, position) -> {
                        // Less is a reply at once.
                        if (serviceMillis > 0) {
                            LockSupport.parkNanos((long) (serviceMillis * 1e6));
                        }
                        return "ok";
                    });
                    App client = app.client(1, connections, Duration.ofSeconds(30))) {
                measure(connections, client, calls);
            }
        }
    }

    private static void measure(int connections, App client, List<AppCall> calls) throws Exception {
        long[] nanos = new long[RUNS];
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            client.apply(calls, ToldAnswers.into(new ArrayList<>()));
            nanos[run] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        double medianMillis = nanos[RUNS / 2] / 1e6;
        System.out.printf(
                "%d connections: %d requests in %.1f ms (median of %d, best %.1f), %.0f/s%n",
                connections, calls.size(), medianMillis, RUNS, nanos[0] / 1e6, calls.size() / medianMillis * 1000);
    }
}

package io.hermes.demo;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** Once a second on a stream: {@code <unix_ns> <requests in that second>}. */
final class ThroughputLines implements LongConsumer {

    private final LongAdder executed = new LongAdder();
    private final PrintStream out;

    ThroughputLines(PrintStream out) {
        this.out = out;
    }

    void start() {
        Thread thread = new Thread(this::tell, "demo-throughput-0");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void accept(long count) {
        executed.add(count);
    }

    private void tell() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                out.println(System.currentTimeMillis() * 1_000_000 + " " + executed.sumThenReset());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

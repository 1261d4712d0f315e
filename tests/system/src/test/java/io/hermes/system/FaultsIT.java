package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients insert while a seeded schedule kills and pauses processes of every kind, one at a time. Another story: {@code
 * -Dfaults.seed=N}, a longer one: {@code -Dfaults.seconds=N}.
 */
class FaultsIT {

    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int SECONDS = Integer.getInteger("faults.seconds", 40);
    private static final int PAUSE_MILLIS_MAX = 4_000;
    private static final int QUIET_MILLIS_MAX = 2_000;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> faults = new TreeMap<>();

    @Test
    void promisesHoldWhileProcessesAreKilledAndPaused(@TempDir Path directory) throws Exception {
        // Given
        try (Demo demo = Demo.in(directory)
                .option("--brokers", "3", "--ingresses", "2", "--set", "ingress.request-timeout=12s")
                .start()) {
            Load load = Load.start(8, client -> demo.uri(client % 2, "/insert"));
            load.awaitMore(100);

            // When
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() - endNanos < 0) {
                strike(demo);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(QUIET_MILLIS_MAX));
            }
            load.awaitMore(100);
            load.stop();

            // Then
            System.out.printf(
                    "faults: seed %d, %d s, %s; statuses %s, %d connections broke%n",
                    SEED, SECONDS, faults, load.statuses(), load.broken());
            assertThat(faults).isNotEmpty();
            Promises.assertKept(demo, load);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + SEED + ": " + e.getMessage() + "; run it again with: mvn verify -pl tests/system -am"
                            + " -Dit.test=FaultsIT -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dfaults.seed="
                            + SEED + " -Dfaults.seconds=" + SECONDS,
                    e);
        }
    }

    private void strike(Demo demo) throws Exception {
        List<String> targets = new ArrayList<>(List.of("ingress-0", "ingress-1"));
        for (int i = 0; i < 3; i++) {
            targets.addAll(List.of("broker-" + i, "replica-" + i + "/applier", "replica-" + i + "/app"));
        }
        String target = targets.get(random.nextInt(targets.size()));
        boolean kill = random.nextInt(3) > 0;
        faults.merge((kill ? "kill " : "pause ") + target.replaceAll("[0-9]", "N"), 1, Integer::sum);
        long pid = demo.pid(target);
        if (kill) {
            demo.kill(target);
            demo.awaitNewPid(target, pid);
        } else {
            signal(pid, "STOP");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS_MAX));
            signal(pid, "CONT");
        }
    }

    /** A process that has gone meanwhile needs no signal. */
    private static void signal(long pid, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}

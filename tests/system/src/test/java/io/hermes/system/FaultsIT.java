package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.linearizability.AppendModel.Input;
import io.hermes.linearizability.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sixteen clients write with idempotency keys, read through the log and past it, and try again, while a seeded schedule kills and pauses processes of every kind, some
 * of them for longer than every time-out. Afterwards every acknowledged write is in every replica exactly once, the replicas are
 * equal, and what the clients saw of each text is linearizable. Another story: {@code -Dfaults.seed=N}, a longer one: {@code
 * -Dfaults.seconds=N}, apps that keep their state: {@code -Dfaults.kind=position-aware}; one
 * log only: {@code -Dfaults.backend=bookkeeper}.
 */
class FaultsIT {

    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int SECONDS = Integer.getInteger("faults.seconds", 40);
    private static final boolean AWARE = "position-aware".equals(System.getProperty("faults.kind"));
    private static final int CLIENTS = 16;
    private static final String KV_SERVER = "io.hermes.demo.KvServer";
    private static final int PAUSE_MILLIS_MAX = 4_000;
    /** Beyond ingress.request-timeout, log.delivery-timeout and every broker's patience in {@link #OPTIONS}. */
    private static final int LONG_PAUSE_MILLIS = 14_000;

    private static final int QUIET_MILLIS_MAX = 2_000;
    private static final String[] OPTIONS = {
        "--brokers",
        "3",
        "--ingresses",
        "2",
        "--set",
        "ingress.request-timeout=10s",
        "--set",
        "app.timeout=8s",
        "--set",
        "app.pipelining=128",
        "--set",
        "settings.revision=1",
        "--set",
        "settings.routes=path=/kv/{key} read-only=true level=barrier"
    };

    private final Random random = new Random(SEED);
    private final Map<String, Integer> faults = new TreeMap<>();
    private int strikes;

    static Stream<String> backends() {
        return Stream.of(
                System.getProperty("faults.backend", "kafka,bookkeeper").split(",", -1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("backends")
    void promisesHoldWhileProcessesAreKilledAndPaused(String backend, @TempDir Path directory) throws Exception {
        // Given
        try (Demo demo = Demo.in(directory)
                .option("--backend", backend)
                .option(OPTIONS)
                .option(AWARE ? new String[] {"--set", "app.kind=position-aware"} : new String[0])
                .command(
                        AWARE
                                ? Java.command(KV_SERVER, "--port", "{port}", "--aware", "--file", "state")
                                : Java.command(KV_SERVER, "--port", "{port}"))
                .start()) {
            TextClients clients = TextClients.start(CLIENTS, SEED, number -> demo.uri(number % 2, "/"));
            clients.awaitMore(200);
            // When
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() - endNanos < 0) {
                strike(demo, backend);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(QUIET_MILLIS_MAX));
            }
            clients.awaitMore(200);
            clients.stop();
            demo.awaitAllServing();
            List<String> notLinearizable = clients.notLinearizable();
            // Then
            Tally tally = compare(demo, clients.histories());
            System.out.printf(
                    "faults: %s, seed %d, %d s, %s apps, faults %s; %d operations on %d texts, %s; %d lost, %d twice, %d not linearizable%n",
                    backend,
                    SEED,
                    SECONDS,
                    AWARE ? "position-aware" : "disposable",
                    faults,
                    clients.acknowledged(),
                    clients.histories().size(),
                    clients.counts(),
                    tally.lost().size(),
                    tally.twice().size(),
                    notLinearizable.size());
            assertThat(faults).isNotEmpty();
            assertThat(clients.counts()).containsKey("reads by barrier");
            assertThat(clients.counts().keySet().stream().filter(what -> what.startsWith("status")))
                    .isSubsetOf("status 200", "status 404", "status 409", "status 503", "status 504");
            assertThat(tally.lost()).as("acknowledged and lost").isEmpty();
            assertThat(tally.twice()).as("applied twice").isEmpty();
            assertThat(notLinearizable).isEmpty();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    backend + ", seed " + SEED + ": " + e.getMessage()
                            + "; run it again with: mvn verify -pl tests/system -am"
                            + " -Dit.test=FaultsIT -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dfaults.seed="
                            + SEED + " -Dfaults.seconds=" + SECONDS + " -Dfaults.backend=" + backend
                            + (AWARE ? " -Dfaults.kind=position-aware" : ""),
                    e);
        }
    }

    private void strike(Demo demo, String backend) throws Exception {
        List<String> targets = new ArrayList<>(List.of("ingress-0", "ingress-1"));
        for (int i = 0; i < 3; i++) {
            targets.addAll(List.of("broker-" + i, "replica-" + i + "/applier", "replica-" + i + "/app"));
        }
        if (backend.equals("bookkeeper")) {
            targets.add("zookeeper");
        }
        strikes++;
        String target = targets.get(random.nextInt(targets.size()));
        int choice = random.nextInt(8);
        // One in eight strikes after the first is a pause beyond every time-out.
        String kind = choice > 2 ? "kill" : choice == 0 && strikes > 1 ? "long pause" : "pause";
        faults.merge(kind + " " + target.replaceAll("[0-9]", "N"), 1, Integer::sum);
        long pid = demo.pid(target);
        if (kind.equals("kill")) {
            demo.kill(target);
            demo.awaitNewPid(target, pid);
        } else {
            signal(pid, "STOP");
            TimeUnit.MILLISECONDS.sleep(kind.equals("pause") ? random.nextInt(PAUSE_MILLIS_MAX) : LONG_PAUSE_MILLIS);
            signal(pid, "CONT");
        }
    }

    private record Tally(List<String> lost, List<String> twice) {}

    /** Each acknowledged piece against each replica's text; the replicas against one another. */
    private static Tally compare(Demo demo, Map<String, List<Operation<Input, String>>> histories) throws Exception {
        Awaitility.await("the replicas' digests are equal")
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> ask(demo, 0, "/digest").equals(ask(demo, 1, "/digest"))
                        && ask(demo, 0, "/digest").equals(ask(demo, 2, "/digest")));
        List<String> lost = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        for (Map.Entry<String, List<Operation<Input, String>>> history : histories.entrySet()) {
            List<String> pieces =
                    List.of(ask(demo, 0, "/kv/" + history.getKey()).split("(?<=;)", -1));
            for (Operation<Input, String> operation : history.getValue()) {
                String piece = operation.input().appended();
                if (piece != null) {
                    long count = pieces.stream().filter(piece::equals).count();
                    if (count == 0 && operation.output() != null) {
                        lost.add(history.getKey() + " " + operation);
                    }
                    if (count > 1) {
                        twice.add(history.getKey() + " " + operation);
                    }
                }
            }
        }
        return new Tally(lost, twice);
    }

    /** Asks one replica's app itself, past Hermes. */
    private static String ask(Demo demo, int replica, String path) throws IOException, InterruptedException {
        String config = Files.readString(demo.directory()
                .resolve("replica-" + replica)
                .resolve("applier")
                .resolve("config.yaml"));
        Matcher port = Pattern.compile("app.port: ([0-9]+)").matcher(config);
        if (!port.find()) {
            throw new AssertionError(config);
        }
        return demo.client()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
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

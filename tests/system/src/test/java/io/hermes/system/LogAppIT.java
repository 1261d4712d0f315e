package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The demo as the README shows it: the sample log app, three replicas, one broker, two ingresses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogAppIT {

    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        demo = Demo.in(directory)
                .option("--ingresses", "2")
                .option("--set", "snapshot.via=command")
                .option("--set", "snapshot.command.take=cp operations.log {file}")
                .option("--set", "snapshot.command.restore=cp {file} operations.log")
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @Test
    void thousandInsertsFromEightClientsLeaveIdenticalFiles() throws Exception {
        // Given
        Load load = Load.start(8, 125, client -> demo.uri(client % 2, "/insert"));

        // When
        load.awaitEnd();

        // Then
        assertThat(load.acknowledged()).hasSize(1_000);
        Promises.assertKept(demo, load);
    }

    @Test
    void appIsGivenByACommandWhatACommandTookFromIt() throws Exception {
        // Given
        Load before = Load.named("before", 4, client -> demo.uri("/insert"));
        before.awaitMore(100);
        before.stop();
        // When
        SnapshotRestart.of(demo, "replica-1");
        Load after = Load.named("after", 4, client -> demo.uri("/insert"));
        after.awaitMore(100);
        after.stop();
        // Then
        Promises.assertKept(demo, before);
        Promises.assertKept(demo, after);
    }

    @Test
    void newLogBeginsWithAllThatWasAcknowledgedBeforeTheBackup(@TempDir Path temp) throws Exception {
        // Given
        Path backup = temp.resolve("backup");
        Load load = Load.named("backup", 2, client -> demo.uri("/insert"));
        load.awaitMore(100);
        List<String> acknowledged = List.copyOf(load.acknowledged());
        succeed("backup", "--to", backup.toString());
        load.stop();
        Promises.awaitReplicasAgree(demo);
        List<String> lines = demo.lines(0);
        int requests = Files.readAllLines(backup.resolve("requests.jsonl")).size();
        int state = Files.readAllLines(stateFile(backup), StandardCharsets.ISO_8859_1)
                .size();
        Process replica = replicaOfANewLog(temp, stateFile(backup));
        try {
            // When
            succeed("restore", "--from", backup.toString(), "--set", "kafka.topic-prefix=restored");
        } finally {
            replica.destroy();
            assertThat(replica.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        // Then
        List<String> restored = Files.readAllLines(temp.resolve("app/operations.log"), StandardCharsets.ISO_8859_1);
        assertThat(requests).isPositive();
        assertThat(restored)
                .hasSize(state + requests)
                .containsAll(acknowledged)
                .isEqualTo(lines.subList(0, state + requests));
    }

    @Test
    void linesAreAnsweredAsByTheOriginal() throws Exception {
        // Given
        HttpResponse<String> written = demo.post("/insert", "a \"quoted\" line");

        // When
        HttpResponse<String> last = demo.get("/line/0");

        // Then
        assertThat(written.body()).isEqualTo("written");
        assertThat(last.body()).isEqualTo("\"a \\\"quoted\\\" line\"");
        assertThat(last.headers().firstValue("Content-type")).contains("application/text");
        assertThat(demo.get("/line/-1").body()).isEqualTo(last.body());
        assertThat(demo.get("/line/99999999").body()).isEqualTo("null");
        assertThat(demo.get("/line/-2").body()).isEqualTo("null");
        assertThat(demo.get("/").body()).isEqualTo("\"nothing to do here\"");
    }

    @Test
    void answersTellPositionRequestIdAndReplica() throws Exception {
        // Given
        HttpResponse<String> first = demo.post("/insert", "one");

        // When
        HttpResponse<String> second = demo.post("/insert", "two");

        // Then
        assertThat(position(second)).isGreaterThan(position(first));
        assertThat(second.headers().firstValue("Hermes-Request-Id").orElse("")).startsWith("ingress-0-");
        assertThat(second.headers().firstValue("Hermes-Replica").orElse("")).startsWith("replica-");
    }

    /** Returns when it serves: on the demo's broker, beside the demo's own log. */
    private Process replicaOfANewLog(Path directory, Path initialState) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String[] app = Java.command(
                "io.hermes.demo.LogServer",
                "--address",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--file",
                "operations.log");
        Map<String, String> keys = new TreeMap<>(Map.of(
                "kafka.topic-prefix",
                "restored",
                "replica.state-directory",
                directory.resolve("applier").toString(),
                "app.directory",
                directory.resolve("app").toString(),
                "app.command",
                String.join(" ", app),
                "app.port",
                Integer.toString(port),
                "app.initial-state",
                initialState.toString(),
                "admin.port",
                "0",
                "snapshot.via",
                "command",
                "snapshot.command.take",
                "cp operations.log {file}",
                "snapshot.command.restore",
                "cp {file} operations.log"));
        List<String> words = new ArrayList<>(List.of(
                "applier",
                "-c",
                demo.directory().resolve("replica-0/applier/config.yaml").toString()));
        keys.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
        Path output = directory.resolve("applier.log");
        Process replica = Java.start("io.hermes.launcher.Main", words, output);
        await("the replica of the new log serves")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(output).contains("replica state=SERVING"));
        return replica;
    }

    private void succeed(String... words) throws Exception {
        Operator.Ended ended = new Operator(demo).run(words);
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    private static Path stateFile(Path backup) throws IOException {
        return Files.readAllLines(backup.resolve("manifest")).stream()
                .filter(line -> line.startsWith("position "))
                .map(line -> backup.resolve("snapshots")
                        .resolve(line.substring("position ".length()))
                        .resolve("app"))
                .findFirst()
                .orElseThrow();
    }

    private static long position(HttpResponse<String> response) {
        return response.headers().firstValueAsLong("Hermes-Position").orElseThrow();
    }
}

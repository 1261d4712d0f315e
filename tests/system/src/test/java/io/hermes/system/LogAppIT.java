package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The demo as the README shows it: the sample log app, three replicas, one broker, two ingresses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogAppIT {

    private static final String TAKE = "cp operations.log {file}";
    private static final String RESTORE = "cp {file} operations.log";

    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        demo = Demo.in(directory)
                .option("--ingresses", "2")
                .option("--set", "snapshot.via=command")
                .option("--set", "snapshot.command.take=" + TAKE)
                .option("--set", "snapshot.command.restore=" + RESTORE)
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
        ExtraReplica replica = ExtraReplica.of(demo, temp)
                .with("kafka.topic-prefix", "restored")
                .with("app.initial-state", stateFile(backup).toString())
                .with("snapshot.via", "command")
                .with("snapshot.command.take", TAKE)
                .with("snapshot.command.restore", RESTORE)
                .start();
        try (replica) {
            // When
            succeed("restore", "--from", backup.toString(), "--set", "kafka.topic-prefix=restored");
        }
        // Then
        List<String> restored = replica.lines();
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

package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More replicas and fewer, while clients write, as docs/operations/replicas.md says it. */
class ReplicaSetIT {

    @Test
    void replicasComeByASnapshotOfOthersAndGoByTheSettings(@TempDir Path directory, @TempDir Path extra)
            throws Exception {
        try (Demo demo = Demo.in(directory)
                .option("--set", "snapshot.via=directory", "--set", "snapshot.trim=true", "--set", "snapshot.every=100")
                .start()) {
            // Given
            Load load = Load.named("set", 4, client -> demo.uri("/insert"));
            awaitTrimmed(demo);

            // When
            ExtraReplica fourth = ExtraReplica.of(demo, extra)
                    .with("replica.name", "replica-3")
                    .with("settings.replicas", "replica-0 replica-1 replica-2 replica-3")
                    .with("settings.revision", "1")
                    .with("snapshot.via", "directory")
                    .with("snapshot.every", "100")
                    .start();
            awaitSettings(demo, "settings of revision 1, replicas replica-0, replica-1, replica-2, replica-3");
            load.awaitMore(100);
            Operator.Ended four = new Operator(demo).run("verify");
            List<String> lines = fourth.lines();
            fourth.kill();
            Operator.Ended lost = new Operator(demo).run("verify", "--timeout", "2");
            settle(demo, "replica-1", 2);
            awaitSettings(demo, "settings of revision 2, replicas replica-0, replica-1, replica-2");
            Operator.Ended three = new Operator(demo).run("verify");
            load.stop();

            // Then
            assertThat(Files.readString(extra.resolve("applier.log"))).contains("replica begins with a snapshot");
            assertThat(four.code()).as(four.output()).isZero();
            assertThat(four.output()).contains("replica-3");
            assertThat(lost.code()).as(lost.output()).isEqualTo(1);
            assertThat(lost.output()).containsPattern("replica-3 .*missing");
            assertThat(three.code()).as(three.output()).isZero();
            assertThat(three.output()).doesNotContain("replica-3");
            assertThat(load.statuses().keySet()).isEqualTo(Set.of(200));
            Promises.assertKept(demo, load);
            assertThat(demo.lines(0)).startsWith(lines.toArray(String[]::new));
        }
    }

    /** So that a fourth replica cannot begin without a snapshot. */
    private static void awaitTrimmed(Demo demo) {
        await("the log forgets its beginning")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        new Operator(demo).run("log", "--limit", "1").output().contains("is forgotten"));
    }

    private static void awaitSettings(Demo demo, String line) {
        await(line)
                .atMost(Duration.ofSeconds(60))
                .until(() -> new Operator(demo).run("status").output().lines().anyMatch(line::equals));
    }

    /** Gives a replica settings of a higher revision, and starts it anew. */
    private static void settle(Demo demo, String replica, int revision) throws Exception {
        Path file = demo.directory().resolve(replica).resolve("applier/config.yaml");
        Files.writeString(file, "settings.revision: " + revision + "\n", StandardOpenOption.APPEND);
        long before = demo.pid(replica + "/applier");
        demo.kill(replica + "/applier");
        assertThat(demo.isAlive(demo.awaitNewPid(replica + "/applier", before))).isTrue();
        demo.awaitAllServing();
    }
}

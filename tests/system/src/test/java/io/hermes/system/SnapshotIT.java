package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replicas that lose everything, or die around a snapshot, while clients write and the log forgets its beginning. For figures:
 * {@code -Dsnapshot.writes=50000 -Dsnapshot.clients=8}; {@code -Dsnapshot.backend=bookkeeper} for the other log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotIT {

    private static final String VICTIM = "replica-2";
    /** So many writes lie between the log's first trim and the loss. */
    private static final int WRITES = Integer.getInteger("snapshot.writes", 100);

    private static final int CLIENTS = Integer.getInteger("snapshot.clients", 4);

    private Path failpoints;
    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path temp) throws Exception {
        failpoints = temp.resolve("failpoints");
        for (int replica = 0; replica < 3; replica++) {
            Files.createDirectories(failpoints.resolve("replica-" + replica));
        }
        demo = Demo.in(temp.resolve("data"))
                .option("--backend", System.getProperty("snapshot.backend", "kafka"))
                .option(
                        "--set",
                        "snapshot.via=directory",
                        "--set",
                        "snapshot.every=" + Math.min(5_000, Math.max(200, WRITES / 10)))
                .option("--set", "snapshot.trim=true", "--set", "app.version=4.2")
                .failpoints(failpoints)
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @Test
    void wipedReplicaComesBackByAPeersSnapshotBehindATrimmedLog() throws Exception {
        // Given
        demo.awaitAllServing();
        Load load = Load.named("wiped", CLIENTS, number -> demo.uri("/insert"));
        await("the log is trimmed").atMost(Duration.ofSeconds(90)).until(() -> toldByAny("log trimmed"));
        for (int written = 0; written < WRITES; written += 5_000) {
            load.awaitMore(Math.min(WRITES, 5_000));
        }
        // When
        Duration pauseBefore = load.longestPause();
        long startNanos = System.nanoTime();
        loseReplica();
        demo.awaitAllServing();
        Duration away = Duration.ofNanos(System.nanoTime() - startNanos);
        Duration pause = load.longestPause();
        load.awaitMore(100);
        load.stop();
        // Then
        assertThat(output(VICTIM)).contains("snapshot fetched").contains("replica begins with a snapshot");
        assertThat(load.statuses().keySet()).containsExactly(200);
        assertThat(load.broken()).isZero();
        Promises.assertKept(demo, load);
        System.out.printf(
                "replica lost after %d lines: back after %d ms; nobody answered for %d ms at most, %d ms before; %s; %s%n",
                load.acknowledged().size(),
                away.toMillis(),
                pause.toMillis(),
                pauseBefore.toMillis(),
                lastLine(VICTIM, "snapshot fetched"),
                lastLine(VICTIM, "replica begins with a snapshot"));
    }

    @Test
    void wipedReplicaComesBackThoughAPeerDiesSendingAndItselfRestoring() throws Exception {
        // Given
        demo.awaitAllServing();
        Load load = Load.keyed("wiped-and-dying", 4, number -> demo.uri("/insert"));
        await("the log is trimmed").atMost(Duration.ofSeconds(90)).until(() -> toldByAny("log trimmed"));
        arm("replica-0", "inside-sending");
        arm("replica-1", "inside-sending");
        arm(VICTIM, "inside-restore");
        // When
        loseReplica();
        await("it died restoring").atMost(Duration.ofSeconds(60)).until(() -> !armed().contains(VICTIM));
        List<String> peersThatDidNotDie = armed();
        disarm();
        demo.awaitAllServing();
        load.awaitMore(60);
        load.stop();
        // Then
        assertThat(peersThatDidNotDie).hasSizeLessThan(2);
        assertThat(output(VICTIM)).contains("snapshot fetched");
        Promises.assertKept(demo, load);
    }

    @ParameterizedTest
    @ValueSource(strings = "inside-snapshot")
    void applierThatEndsAroundASnapshotLosesAndDoublesNothing(String point) throws Exception {
        // Given
        demo.awaitAllServing();
        long before = demo.pid(VICTIM + "/applier");
        Load load = Load.keyed(point, 4, number -> demo.uri("/insert"));
        // When
        arm(VICTIM, point);
        long again = demo.awaitNewPid(VICTIM + "/applier", before);
        load.awaitMore(60);
        load.stop();
        // Then
        assertThat(demo.isAlive(again)).isTrue();
        assertThat(load.broken()).isZero();
        Promises.assertKept(demo, load);
    }

    @Test
    void operatorsSnapshotIsTakenAndShown() throws Exception {
        // Given
        demo.awaitAllServing();
        // When
        Operator.Ended ended = snapshotOf("replica-1");
        // Then
        assertThat(ended.output()).contains("snapshot of replica-1: state after position");
        // Older ones may go meanwhile.
        await("the snapshot tells the app's version")
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .until(() -> manifest("replica-1").contains("app-version 4.2"));
        assertThat(ended.code()).isZero();
    }

    /** A limit on the size of files stands for a full disk: what is big fails in the middle of being written. */
    @Test
    void fullDiskCostsASnapshotAndNothingElse() throws Exception {
        // Given
        demo.awaitAllServing();
        long applier = demo.pid("replica-1/applier");
        for (int line = 0; line < 4; line++) {
            assertThat(demo.post("/insert", line + "x".repeat(900_000)).statusCode())
                    .isEqualTo(200);
        }
        Operator.Ended before = snapshotOf("replica-1");
        List<Path> kept = snapshots("replica-1");
        // When
        limitFiles(applier, "2000000:");
        Operator.Ended full = snapshotOf("replica-1");
        int written = demo.post("/insert", "while the disk was full").statusCode();
        List<Path> keptWhileFull = snapshots("replica-1");
        limitFiles(applier, "unlimited:");
        Operator.Ended after = snapshotOf("replica-1");
        // Then
        assertThat(before.code()).isZero();
        assertThat(full.output()).contains("replica-1 took no snapshot: ", "File too large");
        assertThat(full.code()).isOne();
        assertThat(written).isEqualTo(200);
        assertThat(kept).as("older ones may go").endsWith(keptWhileFull.toArray(new Path[0]));
        assertThat(keptWhileFull).isNotEmpty();
        assertThat(after.code()).isZero();
        assertThat(demo.pid("replica-1/applier")).isEqualTo(applier);
        assertThat(new Operator(demo).run("verify").output()).contains("all equal");
    }

    /** As an operator who is told that it is another replica's turn, and asks again. */
    private Operator.Ended snapshotOf(String replica) {
        return await("no other snapshot is under way")
                .atMost(Duration.ofSeconds(60))
                .until(() -> new Operator(demo).run("snapshot", "--replica", replica), ended -> !ended.output()
                        .contains("is under way"));
    }

    private List<Path> snapshots(String replica) throws IOException {
        try (Stream<Path> listed = Files.list(keep(replica))) {
            return listed.sorted().toList();
        }
    }

    private static void limitFiles(long pid, String bytes) throws Exception {
        Process prlimit = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=" + bytes)
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private Path keep(String replica) {
        return demo.directory().resolve(replica).resolve("applier").resolve("snapshots");
    }

    private String manifest(String replica) throws IOException {
        try (Stream<Path> files = Files.walk(keep(replica))) {
            Path first =
                    files.filter(file -> file.endsWith("manifest")).findFirst().orElseThrow();
            return Files.readString(first);
        }
    }

    /** Lets a replica's applier die when it comes to a point. */
    private void arm(String replica, String point) throws IOException {
        Path file = failpoints.resolve(replica).resolve(point);
        Files.writeString(file.resolveSibling(point + ".new"), "halt\n");
        Files.move(file.resolveSibling(point + ".new"), file);
    }

    /** The replicas that did not come to their point yet. */
    private List<String> armed() throws IOException {
        try (Stream<Path> tree = Files.walk(failpoints)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> file.getName(file.getNameCount() - 2).toString())
                    .toList();
        }
    }

    private void disarm() throws IOException {
        for (String replica : armed()) {
            remove(failpoints.resolve(replica));
            Files.createDirectory(failpoints.resolve(replica));
        }
    }

    /** Its processes die, and its files are gone. */
    private void loseReplica() throws Exception {
        long applier = demo.pid(VICTIM + "/applier");
        long app = demo.pid(VICTIM + "/app");
        // Nothing is written any more by what is about to die.
        new ProcessBuilder("kill", "-STOP", Long.toString(applier), Long.toString(app))
                .start()
                .waitFor();
        wipe();
        ProcessHandle.of(app).ifPresent(ProcessHandle::destroyForcibly);
        ProcessHandle.of(applier).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(demo.isAlive(demo.awaitNewPid(VICTIM + "/applier", applier))).isTrue();
    }

    /** Everything that the replica keeps; what the demo starts it with stays. */
    private void wipe() throws IOException {
        remove(demo.directory().resolve(VICTIM).resolve("app"));
        try (Stream<Path> content = Files.list(demo.directory().resolve(VICTIM).resolve("applier"))) {
            List<Path> kept = content.filter(each -> !List.of("config.yaml", "output.log", "pid")
                            .contains(each.getFileName().toString()))
                    .toList();
            for (Path each : kept) {
                remove(each);
            }
        }
    }

    private static void remove(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean toldByAny(String words) throws IOException {
        for (int replica = 0; replica < demo.replicas(); replica++) {
            if (output("replica-" + replica).contains(words)) {
                return true;
            }
        }
        return false;
    }

    private String lastLine(String replica, String words) throws IOException {
        return output(replica)
                .lines()
                .filter(line -> line.contains(words))
                .reduce((before, line) -> line)
                .orElse("nothing of " + words);
    }

    private String output(String replica) throws IOException {
        return Files.readString(
                demo.directory().resolve(replica).resolve("applier").resolve("output.log"));
    }
}

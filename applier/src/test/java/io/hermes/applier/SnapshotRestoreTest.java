package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.Comparison;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import io.hermes.proto.Windows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that take snapshots when the log says so, and begin with them. */
class SnapshotRestoreTest {

    @TempDir
    Path temp = Path.of("");

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final LinesApp app = new LinesApp();
    private Failpoints failpoints = Failpoints.NONE;
    private Executor finishing = Runnable::run;
    private @Nullable InitialState initial;
    private @Nullable Snapshots kept;
    private @Nullable ReplicaStatus status;
    private long nanos;
    private int runs;

    /** How a test ends a process. */
    private static final class KilledError extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void replicaThatWasAskedSaysWhatItHasTaken() throws Exception {
        takeAfter(replica(), 1, 1);

        List<SnapshotTakenRecord> taken = taken();

        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).failure()).isEmpty();
        assertThat(taken.get(0).sha256())
                .isEqualTo(store().verify(taken.get(0).position()).sha256());
    }

    @Test
    void replicaThatWasNotAskedTakesNone() throws Exception {
        ApplyLoop loop = replica();
        run(loop);
        append(new TakeSnapshotRecord("replica-1"));

        run(loop);

        assertThat(store().positions()).isEmpty();
    }

    @Test
    void replicaWaitsForThePeerWhoseSnapshotIsUnderWay() throws Exception {
        ApplyLoop loop = replica();
        run(loop);
        append(new TakeSnapshotRecord("replica-1"));
        append(new TakeSnapshotRecord("replica-0"));

        run(loop);

        assertThat(taken())
                .extracting(SnapshotTakenRecord::failure)
                .containsExactly("the one of replica-1 is under way");
    }

    @Test
    void nextIncarnationBeginsWithTheSnapshot() {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 3);
        append(Calls.record(4));
        run(loop);
        int before = app.executed();

        app.die();
        run(loop);

        assertThat(app.lines()).hasSize(4);
        assertThat(app.executed() - before).isEqualTo(1);
    }

    @Test
    void replicasThatTheLogListsAreThoseThatTrimmingCounts() {
        ApplyLoop loop = replica();
        run(loop);
        append(listing(1, "replica-0", "replica-1", "replica-2"));
        run(loop);
        append(listing(2, "replica-0", "replica-1"));

        run(loop);

        assertThat(Objects.requireNonNull(kept).listed()).containsExactly("replica-0", "replica-1");
    }

    @Test
    void everyIncarnationBeginsWithTheStateOfABackup() throws Exception {
        initial = InitialState.of(Files.write(temp.resolve("backup"), List.of("7 old", "8 older")));
        ApplyLoop loop = replica();
        run(loop);
        append(Calls.record(1));
        run(loop);

        app.die();
        run(loop);

        assertThat(app.lines()).hasSize(3).startsWith("7 old", "8 older");
    }

    @Test
    void stateOfABackupStandsInTheLogBeforeTheFirstRequest() throws Exception {
        InitialState state = InitialState.of(Files.write(temp.resolve("backup"), List.of("7 old")));
        initial = state;
        run(replica());

        List<LogContent> contents = new ArrayList<>();
        for (LogRecord record : records()) {
            contents.add(RecordCodec.decode(record.bytes()));
        }

        assertThat(contents).contains(new InitialStateRecord(state.digest()));
    }

    @Test
    void ownSnapshotIsNewerThanTheStateOfABackup() throws Exception {
        initial = InitialState.of(Files.write(temp.resolve("backup"), List.of("7 old")));
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 3);

        app.die();
        run(loop);

        assertThat(app.lines()).hasSize(4).startsWith("7 old");
    }

    @Test
    void whatIsKnownAfterARestoreIsWhatAReplayKnows() throws Exception {
        ApplyLoop loop = replica();
        run(loop);
        append(Calls.named("before", 1, "a"));
        append(Calls.record(2));
        append(new TakeSnapshotRecord("replica-0"));
        run(loop);
        append(Calls.named("before", 3, "a"));
        append(Calls.named("before", 4, "different"));
        append(Calls.named("after", 5, "b"));
        app.die();
        run(loop);
        append(new TakeSnapshotRecord("replica-0"));
        run(loop);
        List<String> restored = app.lines();
        long newest = store().positions().get(0);

        Checkpoint byReplay = replayedThrough(newest);

        assertThat(app.lines()).isEqualTo(restored);
        assertThat(CheckpointCodec.encode(store().checkpoint(newest))).isEqualTo(CheckpointCodec.encode(byReplay));
    }

    @Test
    void repeatOfARequestBeforeTheSnapshotIsNotExecutedAgain() {
        ApplyLoop loop = replica();
        append(Calls.named("k", 1, "body"));
        takeAfter(loop, 2, 2);
        app.die();
        run(loop);

        append(Calls.named("k", 3, "body"));
        run(loop);

        assertThat(app.lines()).hasSize(2);
    }

    @Test
    void damagedSnapshotIsPassedOverForAnOlderOne() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        takeAfter(loop, 3, 4);
        flip(store().file(store().positions().get(0), SnapshotPart.APP));
        int before = app.executed();

        app.die();
        run(loop);

        assertThat(app.lines()).hasSize(4);
        assertThat(app.executed() - before).isEqualTo(2);
    }

    @Test
    void logIsReplayedWhenEverySnapshotIsDamaged() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        flip(store().file(store().positions().get(0), SnapshotPart.CHECKPOINT));
        int before = app.executed();

        app.die();
        run(loop);

        assertThat(app.executed() - before).isEqualTo(2);
    }

    @Test
    void replicaGoesOnBehindATrimmedLogFromItsSnapshot() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 3);
        append(Calls.record(4));
        run(loop);
        backend.log().trimBefore(new Position(store().positions().get(0))).join();

        run(replica());

        assertThat(app.lines()).hasSize(4);
        assertThat(state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void replicaWithoutAWayToTheTrimmedLogRefusesToStart() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 3);
        long position = store().positions().get(0);
        backend.log().trimBefore(new Position(position)).join();
        flip(store().file(position, SnapshotPart.APP));

        assertThatThrownBy(() -> run(replica()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no longer holds what follows position 0")
                .hasMessageContaining(Long.toString(position))
                .hasMessageContaining("damaged");
    }

    @Test
    void snapshotThatHoldsARequestGivenUpSinceIsNotUsed() {
        ApplyLoop loop = replica();
        run(loop);
        long bad = append(Calls.record(1));
        append(Calls.record(2));
        append(new TakeSnapshotRecord("replica-0"));
        run(loop);

        append(new SkipRecord(bad, "wrong"));
        run(loop);

        assertThat(app.lines()).singleElement().asString().endsWith("body 2");
    }

    @Test
    void snapshotThatKnowsOfASkipIsUsedWhenTheSkipComesAgain() {
        ApplyLoop loop = replica();
        run(loop);
        long bad = append(Calls.record(1));
        append(new SkipRecord(bad, "wrong"));
        run(loop);
        takeAfter(loop, 2, 3);
        int before = app.executed();

        app.die();
        run(loop);

        assertThat(app.lines()).hasSize(2);
        assertThat(app.executed()).isEqualTo(before);
    }

    @Test
    void snapshotOfALogThatWentOnOtherwiseIsNotUsed() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        long position = store().positions().get(0);
        Checkpoint checkpoint = store().checkpoint(position);
        rewrite(position, new Checkpoint.Anchor(checkpoint.anchor().knownSkips(), Digests.ofBytes(new byte[] {1})));
        int before = app.executed();

        app.die();
        run(loop);

        assertThat(app.executed() - before).isEqualTo(2);
        assertThat(state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void fullDiskCostsTheSnapshotOnly() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        List<Long> before = store().positions();
        app.failToSave("No space left on device");

        takeAfter(loop, 3, 4);

        assertThat(taken().get(1).failure()).contains("No space left");
        assertThat(store().positions()).isEqualTo(before);
        assertThat(state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void replicaGoesOnWhileItsSnapshotIsBroughtToDisk() throws Exception {
        List<Runnable> left = new ArrayList<>();
        finishing = left::add;
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        append(Calls.record(3));

        run(loop);

        assertThat(app.lines()).hasSize(3);
        assertThat(taken()).isEmpty();
        left.forEach(Runnable::run);
        run(loop);
        assertThat(taken()).extracting(SnapshotTakenRecord::failure).containsExactly("");
        assertThat(beginsWith(store().positions().get(0))).hasSize(2);
    }

    @Test
    void snapshotThatWillNotBeTakenIsNoLongerAnnounced() throws Exception {
        try (Snapshots snapshots = new Snapshots(
                config(temp.resolve("snapshots"), SnapshotConfig.Due.NEVER),
                app,
                "replica-0",
                Failpoints.NONE,
                () -> nanos)) {
            snapshots.open(backend, new Incarnation("replica-0-1"));
            snapshots.onAsked(7, new TakeSnapshotRecord("replica-0"));
            doNothing(snapshots);
            boolean announced = snapshots.notice().underWay();

            snapshots.onTaken(SnapshotTakenRecord.failed("replica-0", "the one asked for before"));
            doNothing(snapshots);

            assertThat(announced).isTrue();
            assertThat(snapshots.notice().underWay()).isFalse();
        }
    }

    private void doNothing(Snapshots snapshots) {
        snapshots.doWork(
                backend.log(),
                0,
                () -> {
                    throw new AssertionError("nothing is to be taken");
                },
                () -> true);
    }

    @Test
    void snapshotThatWasAskedForWhileAnotherWasUnderWayIsTakenAfterIt() throws Exception {
        List<Runnable> left = new ArrayList<>();
        finishing = left::add;
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        takeAfter(loop, 3, 4);

        finishing = Runnable::run;
        left.forEach(Runnable::run);
        run(loop);

        assertThat(taken()).hasSize(2);
        assertThat(beginsWith(store().positions().get(0))).hasSize(4);
    }

    @Test
    void fullDiskAfterTheAppsStateWasGotCostsTheSnapshotOnly() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        List<Long> before = store().positions();
        finishing = task -> {
            fillDisk();
            task.run();
        };

        takeAfter(loop, 3, 4);

        assertThat(taken().get(1).failure()).contains("No space left");
        assertThat(temp.resolve("snapshots").toFile().list())
                .containsExactly(before.get(0).toString());
    }

    @Test
    void appThatDiesWhileItsStateIsCopiedCostsTheSnapshotOnly() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        List<Long> before = store().positions();
        app.dieWhenSaved();

        takeAfter(loop, 3, 4);

        assertThat(taken().get(1).failure()).contains("the app ended");
        assertThat(store().positions()).isEqualTo(before);
        assertThat(app.lines()).hasSize(4);
        assertThat(state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void replicaThatDiesInsideASnapshotBeginsWithTheOneBefore() throws Exception {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        List<Long> before = store().positions();
        dieAt(Failpoint.INSIDE_SNAPSHOT, loop);

        run(replica());

        assertThat(store().positions()).isEqualTo(before);
        assertThat(app.lines()).hasSize(4);
        assertThat(taken())
                .last()
                .extracting(SnapshotTakenRecord::failure)
                .asString()
                .contains("began anew");
    }

    @Test
    void replicaThatDiesAfterASnapshotBeginsWithItAndSaysSo() throws Exception {
        ApplyLoop loop = replica();
        dieAt(Failpoint.AFTER_SNAPSHOT, loop);
        int before = app.executed();

        run(replica());

        assertThat(app.executed()).isEqualTo(before);
        assertThat(app.lines()).hasSize(2);
        assertThat(taken())
                .extracting(SnapshotTakenRecord::position)
                .containsExactly(store().positions().get(0));
    }

    @Test
    void replicaThatDiesInsideARestoreBeginsAnewWithIt() {
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        app.die();
        failpoints = this::kill;
        ApplyLoop dying = replica();
        assertThatThrownBy(() -> run(dying)).isInstanceOf(KilledError.class);
        failpoints = Failpoints.NONE;

        run(replica());

        assertThat(app.lines()).hasSize(2);
    }

    @Test
    void emptyAppThatKeepsItsStateIsGivenIt() throws Exception {
        app.keepState();
        ApplyLoop loop = replica();
        append(Calls.named("k", 1, "body"));
        takeAfter(loop, 2, 3);
        backend.log().trimBefore(new Position(store().positions().get(0))).join();
        loseAppAndCheckpoints();
        int before = app.executed();

        ApplyLoop again = replica();
        run(again);
        append(Calls.named("k", 4, "body"));
        run(again);

        assertThat(app.lines()).hasSize(3);
        assertThat(app.executed()).isEqualTo(before);
        assertThat(state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void appThatHasAStateOfItsOwnIsGivenNone() {
        app.keepState();
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        append(Calls.record(3));
        run(loop);
        List<String> before = app.lines();

        app.die();
        run(loop);

        assertThat(app.lines()).isEqualTo(before);
        assertThat(state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void appIsNotLeftWithAStateOfALogThatWentOnOtherwise() throws Exception {
        app.keepState();
        ApplyLoop loop = replica();
        takeAfter(loop, 1, 2);
        long position = store().positions().get(0);
        rewrite(position, new Checkpoint.Anchor(List.of(), Digests.ofBytes(new byte[] {1})));
        loseAppAndCheckpoints();
        int before = app.executed();

        run(replica());

        assertThat(app.executed() - before).isEqualTo(2);
        assertThat(app.lines()).hasSize(2);
    }

    @Test
    void dueSnapshotIsAskedForInTheLog() throws Exception {
        ApplyLoop loop = replica(new SnapshotConfig.Due(3, Duration.ZERO));
        for (int i = 1; i <= 5; i++) {
            append(Calls.record(i));
        }

        run(loop);

        assertThat(taken()).hasSize(1);
        assertThat(store().positions()).hasSize(1);
    }

    /** The lines that an app has that is given a snapshot. */
    private List<String> beginsWith(long position) throws IOException {
        return Files.readAllLines(store().file(position, SnapshotPart.APP));
    }

    /** There is no room for the checkpoint of a snapshot whose app's state was got. */
    private void fillDisk() {
        Path folder = temp.resolve("snapshots");
        try (Stream<Path> content = Files.list(folder)) {
            for (Path each : content.filter(
                            name -> name.getFileName().toString().startsWith("new-"))
                    .toList()) {
                Files.createSymbolicLink(SnapshotStore.file(each, SnapshotPart.CHECKPOINT), Path.of("/dev/full"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void loseAppAndCheckpoints() throws IOException {
        app.wipe();
        for (Path each : checkpoints()) {
            Files.delete(each);
        }
    }

    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> content = Files.list(temp)) {
            return content.filter(Files::isRegularFile).toList();
        }
    }

    private void kill(Failpoint point) {
        if (point == Failpoint.INSIDE_RESTORE) {
            throw new KilledError();
        }
    }

    private void dieAt(Failpoint where, ApplyLoop loop) {
        run(loop);
        failpoints = point -> {
            if (point == where) {
                throw new KilledError();
            }
        };
        assertThatThrownBy(() -> takeAfter(loop, 3, 4)).isInstanceOf(KilledError.class);
        failpoints = Failpoints.NONE;
    }

    /** Requests of some numbers, and a snapshot after them. */
    private void takeAfter(ApplyLoop loop, int from, int through) {
        run(loop);
        for (int i = from; i <= through; i++) {
            append(Calls.record(i));
        }
        append(new TakeSnapshotRecord("replica-0"));
        run(loop);
    }

    private Checkpoint replayedThrough(long position) throws Exception {
        LinesApp replayed = new LinesApp();
        replayed.begin();
        History history = new History(
                new History.Collaborators(
                        replayed,
                        new DisposableContinuity(),
                        new ReplyOutbox(backend.replies(), "replica-9", new Incarnation("replica-9-1")),
                        Failpoints.NONE,
                        null,
                        () -> nanos),
                ApplierConfig.of("replica-9", new Incarnation("replica-9-1")),
                History.Beginning.NOTHING,
                "replica-9-1/0");
        List<LogRecord> through = records().stream()
                .filter(record -> record.position().value() <= position)
                .toList();
        history.apply(through);
        return history.checkpoint(backend.log().identity());
    }

    private void rewrite(long position, Checkpoint.Anchor anchor) throws IOException {
        Checkpoint old = store().checkpoint(position);
        SnapshotManifest manifest = store().manifest(position);
        byte[] appBytes = Files.readAllBytes(store().file(position, SnapshotPart.APP));
        Checkpoint changed = new Checkpoint(
                old.logIdentity(),
                old.position(),
                old.executedThrough(),
                old.logTimeMillis(),
                old.horizon(),
                old.rowsLost(),
                old.settings(),
                old.initialState(),
                old.honouredSkips(),
                old.rows(),
                old.entries(),
                anchor,
                Comparison.NONE);
        var unused = store().finish(
                        store().begin(changed, file -> Files.write(file, appBytes)),
                        new SnapshotStore.Origin(manifest.replica(), manifest.via(), manifest.appVersion()));
    }

    static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private SnapshotStore store() {
        return new SnapshotStore(temp.resolve("snapshots"), Failpoints.NONE);
    }

    private static SettingsRecord listing(long revision, String... names) {
        return new SettingsRecord(
                new Settings(revision, 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000)
                        .withWindows(new Windows(4, List.of(), List.of(names))));
    }

    private ApplyLoop replica() {
        return replica(SnapshotConfig.Due.NEVER);
    }

    private ApplyLoop replica(SnapshotConfig.Due due) {
        runs++;
        Incarnation run = new Incarnation("replica-0-" + runs);
        try {
            Snapshots snapshots = new Snapshots(
                    config(temp.resolve("snapshots"), due),
                    app,
                    "replica-0",
                    point -> failpoints.at(point),
                    () -> nanos);
            InitialState begin = initial;
            if (begin != null) {
                snapshots.beginWith(begin);
            }
            kept = snapshots;
            snapshots.open(task -> finishing.execute(task));
            return new ApplyLoop(
                    backend.log(),
                    backend.replies(),
                    new ApplyLoop.Replica(
                            app,
                            app,
                            app.keepsState() ? new AwareContinuity(app, false) : new DisposableContinuity(),
                            new FileCheckpointStore(temp, Failpoints.NONE),
                            Failpoints.NONE,
                            null,
                            snapshots),
                    ApplierConfig.of("replica-0", run)
                            .withPace(1 << 20, Duration.ZERO, Duration.ofSeconds(30))
                            .withInitialState(begin == null ? "" : begin.digest()),
                    next -> status = next,
                    () -> nanos += 10_000_000);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static SnapshotConfig config(Path folder, SnapshotConfig.Due due) {
        return new SnapshotConfig(
                folder,
                SnapshotConfig.Via.DIRECTORY,
                "",
                new SnapshotConfig.Http("", ""),
                new SnapshotConfig.Command(List.of(), List.of()),
                2,
                due,
                Duration.ofMinutes(1),
                Duration.ofHours(6),
                false,
                "");
    }

    private ReplicaState state() {
        ReplicaStatus current = status;
        if (current == null) {
            throw new AssertionError("nothing was told");
        }
        return current.state();
    }

    private List<SnapshotTakenRecord> taken() throws UndecodableException {
        List<SnapshotTakenRecord> taken = new ArrayList<>();
        for (LogRecord record : records()) {
            if (RecordCodec.decode(record.bytes()) instanceof SnapshotTakenRecord one) {
                taken.add(one);
            }
        }
        return taken;
    }

    private List<LogRecord> records() {
        try (LogReader reader = backend.log().openReader(Position.START)) {
            return reader.read(1 << 20, Duration.ZERO);
        }
    }

    private long append(LogContent content) {
        return backend.log()
                .append(RecordCodec.encode(content))
                .join()
                .match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }

    /** Steps until there can be nothing left to do. */
    private void run(ApplyLoop loop) {
        for (int i = 0; i < 40; i++) {
            loop.doWork();
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }
}

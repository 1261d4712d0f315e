package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Comparison;
import io.hermes.proto.Incarnation;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One replica, named replica-0, that keeps snapshots, over the log in memory; stepped by hand, and begun anew as often as a test likes. */
final class SnapshotFixture {

    private final Path folder;
    private final MemoryLogBackend backend = new MemoryLogBackend(MemoryCluster.atOnce());
    private final LinesApp app = new LinesApp();
    private Failpoints failpoints = Failpoints.NONE;
    private Executor finishing = Runnable::run;
    private @Nullable InitialState initial;
    private @Nullable KeptSnapshots kept;
    private @Nullable ReplicaStatus status;
    private long nanos;
    private int runs;

    /** How a test ends a process. */
    private static final class KilledError extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Its files are in this folder, its snapshots in {@code snapshots} below that. */
    SnapshotFixture(Path folder) {
        this.folder = folder;
    }

    /** From now on what is left to do when the app's state was got is done when this says so. */
    void finishBy(Executor other) {
        finishing = other;
    }

    /** From the next run on, an incarnation without a snapshot begins with this. */
    void beginWith(InitialState ofSnapshot) {
        initial = ofSnapshot;
    }

    /** A new run of the applier. */
    ApplyLoop replica() {
        return replica(SnapshotConfig.Due.NEVER);
    }

    ApplyLoop replica(SnapshotConfig.Due due) {
        runs++;
        Incarnation run = new Incarnation("replica-0-" + runs);
        InitialState begin = initial;
        KeptSnapshots snapshots = new KeptSnapshots(
                app,
                begin,
                "replica-0",
                SnapshotSamples.config(folder.resolve("snapshots"), due),
                point -> failpoints.at(point),
                () -> nanos);
        kept = snapshots;
        try {
            snapshots.open(task -> finishing.execute(task));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new ApplyLoop(
                backend.log(),
                backend.replies(),
                new ApplyLoop.Replica(
                        app,
                        app,
                        app.keepsState() ? new AwareContinuity(app, false) : new DisposableContinuity(),
                        new FileCheckpointStore(folder, Failpoints.NONE),
                        Failpoints.NONE,
                        null,
                        snapshots),
                ApplierConfig.of("replica-0", run)
                        .withPace(1 << 20, Duration.ZERO, Duration.ofSeconds(30))
                        .withInitialState(begin == null ? "" : begin.digest()),
                next -> status = next,
                () -> nanos += 10_000_000);
    }

    /** Steps until there can be nothing left to do. */
    void run(ApplyLoop loop) {
        for (int i = 0; i < 40; i++) {
            loop.doWork();
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    /** Requests of some numbers, and a snapshot after them. */
    void takeAfter(ApplyLoop loop, int from, int through) {
        run(loop);
        for (int i = from; i <= through; i++) {
            append(Calls.record(i));
        }
        append(new TakeSnapshotRecord("replica-0"));
        run(loop);
    }

    /** Two more requests, and a run that ends at a step of the snapshot after them. */
    void dieAt(Failpoint where, ApplyLoop loop) {
        run(loop);
        dieAt(where, () -> takeAfter(loop, 3, 4));
    }

    /** Some work that ends the run at a step. */
    void dieAt(Failpoint where, Runnable work) {
        failpoints = point -> {
            if (point == where) {
                throw new KilledError();
            }
        };
        assertThatThrownBy(work::run).isInstanceOf(KilledError.class);
        failpoints = Failpoints.NONE;
    }

    LinesApp app() {
        return app;
    }

    MemoryLogBackend backend() {
        return backend;
    }

    /** As the run that was begun last knows them. */
    List<String> listed() {
        return Objects.requireNonNull(kept).listed();
    }

    ReplicaState state() {
        ReplicaStatus current = status;
        if (current == null) {
            throw new AssertionError("nothing was told");
        }
        return current.state();
    }

    SnapshotStore store() {
        return new SnapshotStore(folder.resolve("snapshots"), Failpoints.NONE);
    }

    /** The lines that an app has that is given a snapshot. */
    List<String> beginsWith(long position) throws IOException {
        return Files.readAllLines(store().file(position, SnapshotPart.APP));
    }

    /** Another one takes the place of a snapshot, as if the log held another record there. */
    void rewrite(long position, Checkpoint.Anchor anchor) throws IOException {
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

    List<SnapshotTakenRecord> taken() throws UndecodableException {
        List<SnapshotTakenRecord> taken = new ArrayList<>();
        for (LogRecord record : records()) {
            if (RecordCodec.decode(record.bytes()) instanceof SnapshotTakenRecord one) {
                taken.add(one);
            }
        }
        return taken;
    }

    List<LogRecord> records() {
        try (LogReader reader = backend.log().openReader(Position.START)) {
            return reader.read(1 << 20, Duration.ZERO);
        }
    }

    long append(LogContent content) {
        return backend.log()
                .append(RecordCodec.encode(content))
                .join()
                .match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }
}

package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes one snapshot at a time, in two parts: the app's state is got at once, on the loop's thread, while the replica applies
 * nothing; digests and flushing, which take longer, come on a thread of its own while it goes on.
 *
 * <p>Used by the loop's thread.
 */
final class SnapshotWriter implements AutoCloseable {

    private static final long CLOSE_SECONDS = 5;
    private static final String DISCARDED = "other replicas contradicted the app";

    private final SnapshotStore store;
    private final AppState app;
    private final SnapshotStore.Origin origin;
    private final LongSupplier nanoClock;

    // Set before the loop's thread is started.
    private Executor executor = Runnable::run;
    private @Nullable ExecutorService thread;

    // Owned by the loop's thread.
    private @Nullable UnderWay underWay;

    // What is discarded: set by the loop's thread, read by the one that finishes it.
    private record UnderWay(
            long position,
            long startNanos,
            long pauseMillis,
            AtomicBoolean discarded,
            CompletableFuture<SnapshotManifest> finished) {}

    /**
     * What became of one.
     *
     * @param position of the state
     * @param manifest on disk; null if it failed
     * @param failure why it was not taken; empty if it was
     * @param pauseMillis how long the replica applied nothing
     * @param millis how long all of it took
     */
    record Outcome(long position, @Nullable SnapshotManifest manifest, String failure, long pauseMillis, long millis) {}

    SnapshotWriter(SnapshotStore store, AppState app, SnapshotStore.Origin origin, LongSupplier nanoClock) {
        this.store = store;
        this.app = app;
        this.origin = origin;
        this.nanoClock = nanoClock;
    }

    /** For a loop that is stepped by hand: the second part comes when this says so. */
    void finishBy(Executor other) {
        executor = other;
    }

    /** From now on the second part comes on a thread of its own. */
    void start() {
        ExecutorService own = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "applier-snapshots-2");
            made.setDaemon(true);
            return made;
        });
        thread = own;
        executor = own;
    }

    /** Breaks off what is under way, within 5 seconds: the next run removes what is left of it. Idempotent. */
    @Override
    public void close() {
        ExecutorService own = thread;
        if (own == null) {
            return;
        }
        own.shutdownNow();
        try {
            var unused = own.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isBusy() {
        return underWay != null;
    }

    /**
     * Gets the app's state, now. {@link #poll} tells what becomes of it. Not to be called while one is under way.
     *
     * @param checkpoint of this moment
     * @param alive whether the app is; asked after its state was got
     */
    void begin(Checkpoint checkpoint, BooleanSupplier alive) {
        long startNanos = nanoClock.getAsLong();
        AtomicBoolean discarded = new AtomicBoolean();
        CompletableFuture<SnapshotManifest> finished;
        try {
            SnapshotStore.Begun begun = store.begin(checkpoint, file -> save(file, alive));
            finished = CompletableFuture.supplyAsync(() -> finish(begun, discarded), executor);
        } catch (IOException | UncheckedIOException e) {
            finished = CompletableFuture.failedFuture(e);
        }
        underWay = new UnderWay(checkpoint.position(), startNanos, millisSince(startNanos), discarded, finished);
    }

    private void save(Path file, BooleanSupplier alive) throws IOException {
        app.save(file);
        if (!alive.getAsBoolean()) {
            throw new IOException("the app ended while its state was copied");
        }
    }

    private SnapshotManifest finish(SnapshotStore.Begun begun, AtomicBoolean discarded) {
        try {
            SnapshotManifest manifest = store.finish(begun, origin);
            // If this was asked too early, whoever discards it finds the folder.
            if (discarded.get()) {
                store.remove(manifest.position());
                throw new IOException(DISCARDED);
            }
            return manifest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The one under way is of no use if it is of a later position than this: it will not stay, and counts as one that failed.
     *
     * @return its position; 0 if there is none such
     */
    long discardAfter(long position) {
        UnderWay current = underWay;
        if (current == null || current.position() <= position) {
            return 0;
        }
        current.discarded().set(true);
        return current.position();
    }

    /** What became of the one under way, once; null if there is none or it is not known yet. */
    @Nullable
    Outcome poll() {
        UnderWay current = underWay;
        if (current == null || !current.finished().isDone()) {
            return null;
        }
        underWay = null;
        SnapshotManifest manifest = null;
        String failure = "";
        try {
            manifest = current.finished().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            failure = String.valueOf(
                    e.getCause() instanceof UncheckedIOException wrapped ? wrapped.getCause() : e.getCause());
        }
        boolean discarded = current.discarded().get();
        return new Outcome(
                current.position(),
                discarded ? null : manifest,
                discarded ? DISCARDED : failure,
                current.pauseMillis(),
                millisSince(current.startNanos()));
    }

    private long millisSince(long startNanos) {
        return (nanoClock.getAsLong() - startNanos) / 1_000_000;
    }
}

package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

    private final SnapshotStore store;
    private final SnapshotStore.Origin origin;
    private final LongSupplier nanoClock;

    // Set before the loop's thread is started.
    private Executor executor = Runnable::run;
    private @Nullable ExecutorService thread;

    // Owned by the loop's thread.
    private @Nullable UnderWay underWay;

    private record UnderWay(
            long position, long startNanos, long pauseMillis, CompletableFuture<SnapshotManifest> finished) {}

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

    SnapshotWriter(SnapshotStore store, SnapshotStore.Origin origin, LongSupplier nanoClock) {
        this.store = store;
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
     * @param app whose state it is
     */
    void begin(Checkpoint checkpoint, AppState app) {
        long startNanos = nanoClock.getAsLong();
        CompletableFuture<SnapshotManifest> finished;
        try {
            SnapshotStore.Begun begun = store.begin(checkpoint, app);
            finished = CompletableFuture.supplyAsync(() -> finish(begun), executor);
        } catch (IOException | UncheckedIOException e) {
            finished = CompletableFuture.failedFuture(e);
        }
        underWay = new UnderWay(checkpoint.position(), startNanos, millisSince(startNanos), finished);
    }

    private SnapshotManifest finish(SnapshotStore.Begun begun) {
        try {
            return store.finish(begun, origin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What became of the one under way, once; null if there is none or it is not known yet. */
    @Nullable
    Outcome poll() {
        UnderWay current = underWay;
        if (current == null || !current.finished().isDone()) {
            return null;
        }
        underWay = null;
        try {
            SnapshotManifest manifest = current.finished().join();
            return new Outcome(
                    current.position(), manifest, "", current.pauseMillis(), millisSince(current.startNanos()));
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            Throwable why = e.getCause() instanceof UncheckedIOException wrapped ? wrapped.getCause() : e.getCause();
            return new Outcome(
                    current.position(),
                    null,
                    String.valueOf(why),
                    current.pauseMillis(),
                    millisSince(current.startNanos()));
        }
    }

    private long millisSince(long startNanos) {
        return (nanoClock.getAsLong() - startNanos) / 1_000_000;
    }
}

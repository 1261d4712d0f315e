package io.hermes.applier;

import io.hermes.proto.SnapshotPart;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a state back into an incarnation of the app: that of a snapshot, or what every incarnation without one begins with.
 *
 * <p>Used by the loop's thread.
 */
final class SnapshotRestore {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRestore.class);

    private final SnapshotStore store;
    private final SnapshotChoice choice;
    private final AppState app;
    private final @Nullable InitialState initial;
    private final Failpoints failpoints;
    private final LongSupplier nanoClock;

    // Written by the loop's thread, read by the metrics.
    private final AtomicLong restoredCount = new AtomicLong();

    /**
     * Nothing is read or written yet.
     *
     * @param store holds the snapshots
     * @param choice told of those that cannot be brought back
     * @param app takes its state
     * @param initial what an incarnation begins with that begins with no snapshot; null for nothing
     * @param failpoints passed while one is brought back
     * @param nanoClock for the log file
     */
    SnapshotRestore(
            SnapshotStore store,
            SnapshotChoice choice,
            AppState app,
            @Nullable InitialState initial,
            Failpoints failpoints,
            LongSupplier nanoClock) {
        this.store = store;
        this.choice = choice;
        this.app = app;
        this.initial = initial;
        this.failpoints = failpoints;
        this.nanoClock = nanoClock;
    }

    void register(MeterRegistry meters) {
        FunctionCounter.builder("hermes.snapshot.restored", restoredCount, AtomicLong::get)
                .description("Incarnations of the app that began with a snapshot")
                .register(meters);
    }

    /** Whether an app that keeps its state has none yet. */
    boolean isAppEmpty() {
        return app.isEmpty();
    }

    /**
     * Brings a state back before the app is started, if that is the time for it.
     *
     * @param from null if the incarnation begins with no snapshot
     * @return null if there is nothing to bring back
     */
    AppHost.@Nullable Filling filling(Beginnings.@Nullable Chosen from) {
        InitialState first = initial;
        if (from != null) {
            return filling(() -> restore(from, app::restoreBeforeStart));
        }
        return first == null
                ? null
                : filling(() -> app.restoreBeforeStart(first.path().toAbsolutePath()));
    }

    /** Something that brings a state back. */
    private interface Fill {
        void fill() throws IOException;
    }

    private AppHost.Filling filling(Fill fill) {
        return new AppHost.Filling() {
            @Override
            public boolean replacesDirectory() {
                return app.replacesDirectory();
            }

            @Override
            public void fill() throws IOException {
                fill.fill();
                failpoints.at(Failpoint.INSIDE_RESTORE);
            }
        };
    }

    /**
     * Brings a state back now that the app listens, if that is the time for it.
     *
     * @param from null if the incarnation begins with no snapshot
     * @throws AppGoneException if that failed; a snapshot is not chosen again then
     */
    void whenListening(Beginnings.@Nullable Chosen from) throws AppGoneException {
        long startNanos = nanoClock.getAsLong();
        InitialState first = initial;
        try {
            if (from != null) {
                restore(from, app::restoreWhenListening);
            } else if (first != null) {
                app.restoreWhenListening(first.path().toAbsolutePath());
                LOG.info("replica begins with app.initial-state file={}", first.path());
            }
        } catch (IOException e) {
            throw new AppGoneException("the app does not take its state back: " + e.getMessage());
        }
        if (from == null) {
            return;
        }
        restoredCount.incrementAndGet();
        LOG.info(
                "replica begins with a snapshot position={} bytes={} takenBy={} millis={}",
                from.manifest().position(),
                from.manifest().bytes(),
                from.manifest().replica(),
                (nanoClock.getAsLong() - startNanos) / 1_000_000);
    }

    /** One of the two ways of bringing a state back. */
    private interface Restoring {
        void from(Path file) throws IOException;
    }

    private void restore(Beginnings.Chosen from, Restoring way) throws IOException {
        long position = from.manifest().position();
        try {
            way.from(store.file(position, SnapshotPart.APP).toAbsolutePath());
        } catch (IOException e) {
            choice.reject(position, "the app's state could not be brought back: " + e.getMessage());
            throw e;
        }
    }
}

package io.hermes.applier;

import io.hermes.log.LogException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.proto.Notice;
import io.hermes.proto.ReplicaState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads snapshots again and again, since a copy that nobody reads is a hope; removes those that are not needed beside newer whole
 * ones; and lets the log forget what no replica needs any more. Owns one thread.
 */
final class SnapshotVerifyLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotVerifyLoop.class);

    private static final long LOOK_MILLIS = 1_000;
    private static final long TRIM_NANOS = 5_000_000_000L;
    private static final long TRIM_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final SnapshotStore store;
    private final SnapshotConfig config;
    private final LongSupplier nanoClock;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "applier-snapshots-1");

    // Written by this loop's thread, read by those of the notice, the metrics and the apply loop.
    private volatile List<Whole> whole = List.of();
    private volatile boolean stopped;
    // Written by the apply loop's thread, read by this loop's.
    private volatile List<String> listed = List.of();

    // Set before the thread is started.
    private Trimming trimming = Trimming.NONE;

    // Owned by the loop's thread.
    private final Map<Long, Whole> read = new HashMap<>();
    private long trimmedNanos;
    private long trimmedBefore;

    /**
     * A snapshot that was found whole.
     *
     * @param position state after it
     * @param bytes its size
     * @param sha256 of its manifest
     * @param readNanos when
     */
    record Whole(long position, long bytes, String sha256, long readNanos) {}

    /** How the log is made to forget. */
    interface Trimming {

        /** It is not. */
        Trimming NONE = () -> {};

        /** Looks whether it may forget something, and has it forget that. */
        void trim() throws InterruptedException;
    }

    SnapshotVerifyLoop(SnapshotStore store, SnapshotConfig config, LongSupplier nanoClock) {
        this.store = store;
        this.config = config;
        this.nanoClock = nanoClock;
        this.trimmedNanos = nanoClock.getAsLong();
    }

    /** Lets the log forget, as long as this replica is the first by name of those alive. */
    void trim(OrderedLog log, SnapshotPeers peers, String replica) {
        trimming = () -> trimIfFirst(log, peers, replica);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** A snapshot was added: looks at it soon. Any thread. */
    void onAdded() {
        wake.release();
    }

    /** The replicas that the settings in force list, as this replica last knew them while it served. Any thread. */
    void toListed(List<String> replicas) {
        listed = replicas;
    }

    List<String> listed() {
        return listed;
    }

    /** Found whole lately, the newest first. Any thread. */
    List<Whole> whole() {
        return whole;
    }

    /** Stops soon. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        wake.release();
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                try {
                    verify();
                    if (config.trim() && nanoClock.getAsLong() - trimmedNanos >= TRIM_NANOS) {
                        trimmedNanos = nanoClock.getAsLong();
                        trimming.trim();
                    }
                } catch (RuntimeException e) { // the loop's edge: nothing is announced that was not read
                    LOG.error("snapshots: going on after a failure", e);
                }
                if (wake.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads what was not read lately, and removes what is older than as many whole ones as are kept. */
    void verify() {
        List<Whole> found = new ArrayList<>();
        for (long position : store.positions()) {
            Whole one = read.get(position);
            long now = nanoClock.getAsLong();
            if (one == null || now - one.readNanos() > config.verifyEvery().toNanos()) {
                read.remove(position);
                whole = whole.stream()
                        .filter(each -> each.position() != position)
                        .toList();
                one = readThrough(position);
            }
            if (one != null) {
                read.put(position, one);
                found.add(one);
            }
            if (found.size() == config.keep()) {
                store.removeBelow(position);
                read.keySet().removeIf(each -> each < position);
                break;
            }
        }
        whole = List.copyOf(found);
    }

    private @Nullable Whole readThrough(long position) {
        try {
            SnapshotManifest manifest = store.verify(position);
            return new Whole(position, manifest.bytes(), manifest.sha256(), nanoClock.getAsLong());
        } catch (IOException e) {
            LOG.warn("a snapshot is not whole position={} reason={}", position, e.toString());
            return null;
        }
    }

    private void trimIfFirst(OrderedLog log, SnapshotPeers peers, String replica) throws InterruptedException {
        List<Notice.OfReplica> live = peers.live();
        List<String> all = listed;
        boolean first = live.stream()
                .filter(each -> each.state() == ReplicaState.SERVING && LogTrim.isListed(each, all))
                .map(Notice.OfReplica::replica)
                .sorted()
                .findFirst()
                .filter(replica::equals)
                .isPresent();
        long keep = first ? LogTrim.firstToKeep(peers.known(), live, peers.mostKnown(), all) : 0;
        if (keep <= trimmedBefore) {
            return;
        }
        try {
            log.trimBefore(new Position(keep)).get(TRIM_SECONDS, TimeUnit.SECONDS);
            trimmedBefore = keep;
            LOG.info("log trimmed: a majority of replicas has snapshots from there on firstKept={}", keep);
        } catch (ExecutionException | TimeoutException | LogException e) {
            LOG.warn("log not trimmed firstKept={} reason={}", keep, e.toString());
        }
    }
}

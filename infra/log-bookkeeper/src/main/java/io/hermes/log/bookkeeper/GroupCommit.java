package io.hermes.log.bookkeeper;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.bookkeeper.client.api.WriteHandle;
import org.jspecify.annotations.Nullable;

/**
 * Turns appends into entries of the present ledger and gives positions to them. An append that comes while little is under way
 * becomes an entry at once; others wait for each other while earlier entries are on their way. When all has arrived, an empty
 * entry lets readers see the last one.
 *
 * <p>Locked instead of confined to a thread: two changes of threads per append cost more than all else here. No callback runs
 * under the lock.
 */
final class GroupCommit {

    /** Enough to keep the bookies' disks busy, few enough that entries grow under load. */
    static final int IN_FLIGHT_MAX = 2;

    private static final int ENTRY_BYTES = 1024 * 1024;
    private static final int WAITING_BYTES_MAX = 64 * 1024 * 1024;

    private final LongSupplier nanoClock;
    private final Consumer<String> onFailed;

    // All below is guarded by this.
    private final Deque<Append> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable WriteHandle ledger;
    private boolean held;
    private @Nullable String failure;
    private long nextPosition;
    private long acknowledgedNext;
    private int inFlight;
    private int controlsInFlight;
    private boolean lastIsVisible = true;
    private long ledgerBytes;
    private long firstEntryNanos;
    private long lastProgressNanos;
    private @Nullable CompletableFuture<Void> idle;

    /**
     * On its way to the bookies.
     *
     * @param batch in order; empty if it only makes the one before visible
     * @param first position of the first record
     * @param added completes with BookKeeper's answer
     */
    private record Entry(List<Append> batch, long first, CompletableFuture<Long> added) {}

    /**
     * Makes one that waits for its first ledger.
     *
     * @param nextPosition of the first record
     * @param nanoClock tells the age of ledgers
     * @param onFailed told once, outside the lock, when the ledger takes no more entries
     */
    GroupCommit(long nextPosition, LongSupplier nanoClock, Consumer<String> onFailed) {
        this.nextPosition = nextPosition;
        this.acknowledgedNext = nextPosition;
        this.nanoClock = nanoClock;
        this.onFailed = onFailed;
        this.held = true;
    }

    /**
     * Takes an append over, unless it has failed before.
     *
     * @return false if nothing was done with it
     */
    boolean append(Append append) {
        Entry started = null;
        boolean taken;
        synchronized (this) {
            if (failure != null) {
                return false;
            }
            taken = waitingBytes + append.record().length <= WAITING_BYTES_MAX;
            if (taken) {
                waiting.addLast(append);
                waitingBytes += append.record().length;
                if (inFlight < IN_FLIGHT_MAX && !held) {
                    started = writeNext();
                }
            }
        }
        if (!taken) {
            append.onNotWritten("too many bytes wait for the bookies");
        }
        awaitAdded(started);
        return true;
    }

    /** Begins, or goes on after {@link #hold}, in a ledger that is empty. */
    void writeTo(WriteHandle next) {
        List<Entry> started = new ArrayList<>();
        synchronized (this) {
            ledger = next;
            held = false;
            idle = null;
            lastIsVisible = true;
            ledgerBytes = 0;
            lastProgressNanos = nanoClock.getAsLong();
            while (inFlight < IN_FLIGHT_MAX && !waiting.isEmpty()) {
                started.add(writeNext());
            }
        }
        started.forEach(this::awaitAdded);
    }

    /** Writes nothing more for the present; appends wait. Completes when nothing is under way, also if {@link #hasFailed} then. */
    synchronized CompletableFuture<Void> hold() {
        held = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (inFlight + controlsInFlight == 0) {
            done.complete(null);
        } else {
            idle = done;
        }
        return done;
    }

    /** Takes no more: what waits was not written, what is under way ends as the bookies say. */
    void fail(String reason) {
        List<Append> dropped;
        synchronized (this) {
            dropped = toFailed(reason);
        }
        tell(dropped, reason);
    }

    /** The position after the last record that bookies have acknowledged: those of entries that failed are free again. */
    synchronized long acknowledgedNext() {
        return acknowledgedNext;
    }

    /** Whether the ledger takes no more entries. */
    synchronized boolean hasFailed() {
        return failure != null;
    }

    synchronized long ledgerBytes() {
        return ledgerBytes;
    }

    /** Nanoseconds since the ledger's first entry; 0 if it has none. */
    synchronized long ledgerAgeNanos() {
        return ledgerBytes == 0 ? 0 : nanoClock.getAsLong() - firstEntryNanos;
    }

    /** Nanoseconds since an entry was acknowledged, or since there was one to wait for. */
    synchronized long stalledNanos() {
        return inFlight == 0 && (held || waiting.isEmpty()) ? 0 : nanoClock.getAsLong() - lastProgressNanos;
    }

    /** Guarded by this. What it returns is to be awaited outside. */
    private Entry writeNext() {
        List<Append> batch = new ArrayList<>();
        int bytes = LogEntry.HEADER_BYTES;
        while (!waiting.isEmpty()) {
            int more = LogEntry.RECORD_HEADER_BYTES + waiting.getFirst().record().length;
            if (!batch.isEmpty() && bytes + more > ENTRY_BYTES) {
                break;
            }
            Append append = waiting.removeFirst();
            waitingBytes -= append.record().length;
            batch.add(append);
            bytes += more;
        }
        long first = nextPosition;
        ByteBuf entry = PooledByteBufAllocator.DEFAULT.buffer(bytes);
        LogEntry.writeHeader(entry, first, batch.size());
        for (Append append : batch) {
            LogEntry.writeRecord(entry, append.record());
        }
        nextPosition += batch.size();
        if (inFlight == 0) {
            lastProgressNanos = nanoClock.getAsLong();
        }
        inFlight++;
        lastIsVisible = false;
        return new Entry(batch, first, add(entry, bytes));
    }

    /** Guarded by this. An entry without records, so that readers see the one before. What it returns is to be awaited outside. */
    private Entry writeControl() {
        ByteBuf entry = PooledByteBufAllocator.DEFAULT.buffer(LogEntry.HEADER_BYTES);
        LogEntry.writeHeader(entry, nextPosition, 0);
        controlsInFlight++;
        lastIsVisible = true;
        return new Entry(List.of(), nextPosition, add(entry, LogEntry.HEADER_BYTES));
    }

    /** Not under the lock: BookKeeper may have answered already, and then its answer is told here. */
    private void awaitAdded(@Nullable Entry entry) {
        if (entry != null) {
            var unused = entry.added().whenComplete((entryId, e) -> {
                if (entry.batch().isEmpty()) {
                    onControlAdded(e);
                } else {
                    onAdded(entry.batch(), entry.first(), e);
                }
            });
        }
    }

    /** Guarded by this. */
    private CompletableFuture<Long> add(ByteBuf entry, int bytes) {
        if (ledgerBytes == 0) {
            firstEntryNanos = nanoClock.getAsLong();
        }
        ledgerBytes += bytes;
        WriteHandle to = ledger;
        if (to == null) {
            throw new IllegalStateException("no ledger");
        }
        // The handle releases the entry.
        return to.appendAsync(entry);
    }

    private void onAdded(List<Append> batch, long first, @Nullable Throwable e) {
        if (e == null) {
            long position = first;
            for (Append append : batch) {
                append.onAppended(position++);
            }
        }
        String reason = e == null ? "" : BookKeeperFailures.text(e);
        List<Append> dropped = null;
        Entry started = null;
        CompletableFuture<Void> done;
        synchronized (this) {
            inFlight--;
            if (e == null) {
                acknowledgedNext = Math.max(acknowledgedNext, first + batch.size());
            } else {
                dropped = toFailed(reason);
            }
            lastProgressNanos = nanoClock.getAsLong();
            boolean writes = e == null && failure == null && !held;
            if (writes && !waiting.isEmpty()) {
                started = writeNext();
            } else if (e == null && failure == null && inFlight == 0 && !lastIsVisible) {
                started = writeControl();
            }
            done = idle();
        }
        if (e != null) {
            batch.forEach(append -> append.onUnknown(reason));
        }
        tell(dropped, reason);
        complete(done);
        awaitAdded(started);
    }

    private void onControlAdded(@Nullable Throwable e) {
        String reason = e == null ? "" : BookKeeperFailures.text(e);
        List<Append> dropped;
        CompletableFuture<Void> done;
        synchronized (this) {
            controlsInFlight--;
            dropped = e == null ? null : toFailed(reason);
            done = idle();
        }
        tell(dropped, reason);
        complete(done);
    }

    /**
     * Guarded by this. In the same step in which an entry is no longer under way, lest somebody takes the silence for success.
     *
     * @return what waited, to be told; null if it had failed before
     */
    private @Nullable List<Append> toFailed(String reason) {
        if (failure != null) {
            return null;
        }
        failure = reason;
        List<Append> dropped = new ArrayList<>(waiting);
        waiting.clear();
        waitingBytes = 0;
        return dropped;
    }

    private void tell(@Nullable List<Append> dropped, String reason) {
        if (dropped != null) {
            dropped.forEach(append -> append.onNotWritten(reason));
            onFailed.accept(reason);
        }
    }

    /** Guarded by this. */
    private @Nullable CompletableFuture<Void> idle() {
        return inFlight + controlsInFlight == 0 ? idle : null;
    }

    private static void complete(@Nullable CompletableFuture<Void> done) {
        if (done != null) {
            done.complete(null);
        }
    }
}

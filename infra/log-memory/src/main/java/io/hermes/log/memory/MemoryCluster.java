package io.hermes.log.memory;

import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the brokers would hold: the records, the open inboxes, the board. Shared by the {@link MemoryLogBackend}s of several
 * processes. Any thread; callbacks are called without the lock. Records are kept until they are trimmed.
 */
public final class MemoryCluster {

    /** Positions leave gaps, so that nobody comes to rely on counting them. */
    private static final long GAP = 2;

    private final String identity;
    private final int recordBytesMax;
    private final MemoryScheduler scheduler;
    private final LongSupplier steps;
    private final MemoryBoard board = new MemoryBoard();

    // All below is guarded by this.
    private final List<LogRecord> records = new ArrayList<>();
    private final Map<String, MemoryMailbox<byte[]>> inboxes = new HashMap<>();
    private long lastPosition = -1;
    private Position forgotten = Position.START;

    /**
     * Makes an empty cluster.
     *
     * @param identity of the log
     * @param recordBytesMax the longest record, at least 1
     * @param scheduler decides when things happen
     * @throws IllegalArgumentException if no record of a byte is allowed
     */
    public MemoryCluster(String identity, int recordBytesMax, MemoryScheduler scheduler) {
        this(identity, recordBytesMax, scheduler, () -> GAP);
    }

    /**
     * Makes an empty cluster whose positions have other gaps, or none.
     *
     * @param identity of the log
     * @param recordBytesMax the longest record, at least 1
     * @param scheduler decides when things happen
     * @param steps how far each position lies beyond the one before, at least 1; asked under the cluster's lock
     * @throws IllegalArgumentException if no record of a byte is allowed
     */
    public MemoryCluster(String identity, int recordBytesMax, MemoryScheduler scheduler, LongSupplier steps) {
        if (recordBytesMax < 1) {
            throw new IllegalArgumentException("records of at most " + recordBytesMax + " bytes");
        }
        this.identity = identity;
        this.recordBytesMax = recordBytesMax;
        this.scheduler = scheduler;
        this.steps = steps;
    }

    /**
     * An empty cluster in which everything happens at once, with records up to 1 MiB.
     *
     * @return a new one
     */
    public static MemoryCluster atOnce() {
        return new MemoryCluster("memory", 1 << 20, MemoryScheduler.AT_ONCE);
    }

    MemoryScheduler scheduler() {
        return scheduler;
    }

    MemoryBoard board() {
        return board;
    }

    String identity() {
        return identity;
    }

    int recordBytesMax() {
        return recordBytesMax;
    }

    synchronized Position store(byte[] record) {
        lastPosition = lastPosition < 0 ? 1 : lastPosition + steps.getAsLong();
        Position position = new Position(lastPosition);
        records.add(new LogRecord(position, record.clone()));
        notifyAll();
        return position;
    }

    synchronized Position tail() {
        return lastPosition < 0 ? Position.START : new Position(lastPosition);
    }

    synchronized void trimBefore(Position first) {
        int kept = 0;
        while (kept < records.size() && first.isAfter(records.get(kept).position())) {
            forgotten = records.get(kept).position();
            kept++;
        }
        records.subList(0, kept).clear();
    }

    synchronized List<LogRecord> read(Position after, int bytesMax, Duration maxWait, BooleanSupplier ended) {
        List<LogRecord> batch = available(after, bytesMax);
        if (!batch.isEmpty() || maxWait.isZero() || !scheduler.readersWait() || ended.getAsBoolean()) {
            return batch;
        }
        try {
            // Whatever wakes us: an empty batch is no failure.
            TimeUnit.NANOSECONDS.timedWait(this, TimeUnit.NANOSECONDS.convert(maxWait));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return available(after, bytesMax);
    }

    synchronized void wakeReaders() {
        notifyAll();
    }

    private List<LogRecord> available(Position after, int bytesMax) {
        if (forgotten.isAfter(after)) {
            throw new LogTrimmedException(
                    "records up to position " + forgotten + " are gone, wanted those after " + after, forgotten, null);
        }
        List<LogRecord> batch = new ArrayList<>();
        long bytes = 0;
        for (int i = firstAfter(after); i < records.size(); i++) {
            LogRecord record = records.get(i);
            bytes += record.bytes().length;
            if (!batch.isEmpty() && bytes > bytesMax) {
                break;
            }
            batch.add(new LogRecord(record.position(), record.bytes().clone()));
        }
        return batch;
    }

    private int firstAfter(Position after) {
        int low = 0;
        int high = records.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (records.get(middle).position().isAfter(after)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    synchronized void openInbox(String incarnation, MemoryMailbox<byte[]> inbox) {
        if (inboxes.putIfAbsent(incarnation, inbox) != null) {
            throw new IllegalArgumentException("an inbox of " + incarnation + " is open already");
        }
    }

    synchronized void closeInbox(String incarnation, MemoryMailbox<byte[]> inbox) {
        inboxes.remove(incarnation, inbox);
    }

    synchronized @Nullable MemoryMailbox<byte[]> inbox(String incarnation) {
        return inboxes.get(incarnation);
    }
}

package io.hermes.log.memory;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The log of a {@link MemoryCluster}, as one process sees it. */
final class MemoryOrderedLog implements OrderedLog {

    private final MemoryCluster cluster;

    // Guarded by this: any thread appends, any closes.
    private final Set<Append> outstanding = new LinkedHashSet<>();
    private boolean closed;

    MemoryOrderedLog(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(byte[] record) {
        CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();
        if (record.length > cluster.recordBytesMax()) {
            outcome.complete(new AppendOutcome.Rejected(
                    "a record of " + record.length + " bytes, at most " + cluster.recordBytesMax()));
            return outcome;
        }
        Append append = new Append(record, outcome);
        synchronized (this) {
            if (closed) {
                outcome.complete(new AppendOutcome.Rejected("the log is closed"));
                return outcome;
            }
            outstanding.add(append);
        }
        cluster.scheduler().schedule(append);
        return outcome;
    }

    @Override
    public LogReader openReader(Position after) {
        if (ended()) {
            throw new LogUnavailableException("the log is closed", null);
        }
        return new Reader(after);
    }

    @Override
    public CompletableFuture<Void> trimBefore(Position first) {
        cluster.trimBefore(first);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Position> tail() {
        return CompletableFuture.completedFuture(cluster.tail());
    }

    @Override
    public int recordBytesMax() {
        return cluster.recordBytesMax();
    }

    @Override
    public String identity() {
        return cluster.identity();
    }

    @Override
    public void close() {
        List<Append> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(outstanding);
            outstanding.clear();
        }
        left.forEach(append -> append.outcome.complete(new AppendOutcome.Unknown("the log was closed")));
        cluster.wakeReaders();
    }

    private synchronized boolean ended() {
        return closed;
    }

    private void end(Append append, AppendOutcome value) {
        synchronized (this) {
            outstanding.remove(append);
        }
        append.outcome.complete(value);
    }

    private final class Append implements MemoryEvent {
        private final byte[] record;
        private final CompletableFuture<AppendOutcome> outcome;

        Append(byte[] record, CompletableFuture<AppendOutcome> outcome) {
            this.record = record;
            this.outcome = outcome;
        }

        @Override
        public Kind kind() {
            return Kind.APPEND;
        }

        @Override
        public void happen() {
            end(this, new AppendOutcome.Appended(cluster.store(record)));
        }

        @Override
        public void lose(boolean afterEffect) {
            if (afterEffect) {
                cluster.store(record);
            }
            end(this, new AppendOutcome.Unknown("lost"));
        }

        @Override
        public String toString() {
            return "append of " + record.length + " bytes";
        }
    }

    private final class Reader implements LogReader {
        private Position delivered;
        private boolean closed;

        Reader(Position after) {
            this.delivered = after;
        }

        @Override
        public List<LogRecord> read(int bytesMax, Duration maxWait) {
            if (closed) {
                throw new IllegalStateException("this reader is closed");
            }
            // A closed log is out of reach: batches are empty.
            if (ended()) {
                return List.of();
            }
            List<LogRecord> batch = cluster.read(delivered, bytesMax, maxWait, MemoryOrderedLog.this::ended);
            if (!batch.isEmpty()) {
                delivered = batch.get(batch.size() - 1).position();
            }
            return batch;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

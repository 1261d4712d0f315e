package io.hermes.simulation;

import io.hermes.applier.CheckpointStore;
import io.hermes.log.AppendOutcome;
import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.UndecodableException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Plants bugs at the edges of Hermes, so that its own code stays free of hooks for them. */
final class Bugs {

    private static final long NEW_NUMBERS = 1L << 40;

    private Bugs() {}

    /** A checkpoint that comes back with a part of its entries. */
    static CheckpointStore forgetting(CheckpointStore store, RandomGenerator random) {
        return new CheckpointStore() {
            @Override
            public @Nullable Checkpoint newestThrough(long position, String logIdentity) {
                Checkpoint kept = store.newestThrough(position, logIdentity);
                return kept == null
                        ? null
                        : copy(
                                kept,
                                kept.position(),
                                kept.entries().stream()
                                        .filter(entry -> random.nextBoolean())
                                        .toList());
            }

            @Override
            public void write(Checkpoint checkpoint) {
                store.write(checkpoint);
            }
        };
    }

    /** A checkpoint that claims to stand at the end of the log. */
    static CheckpointStore tooEarly(CheckpointStore store, OrderedLog log) {
        return new CheckpointStore() {
            @Override
            public @Nullable Checkpoint newestThrough(long position, String logIdentity) {
                return store.newestThrough(position, logIdentity);
            }

            @Override
            public void write(Checkpoint checkpoint) {
                long tail = log.tail().join().value();
                store.write(copy(checkpoint, Math.max(tail, checkpoint.position()), checkpoint.entries()));
            }
        };
    }

    private static Checkpoint copy(Checkpoint like, long position, List<Checkpoint.Entry> entries) {
        return new Checkpoint(
                like.logIdentity(),
                position,
                like.executedThrough(),
                like.logTimeMillis(),
                like.horizon(),
                like.rowsLost(),
                like.settings(),
                like.initialState(),
                like.honouredSkips(),
                like.rows(),
                entries);
    }

    /** Records whose log time is the reader's own. */
    static LogBackend wallClock(LogBackend backend, LongSupplier millis) {
        return new Rewriting(
                backend,
                UnaryOperator.identity(),
                bytes -> rewrite(
                        bytes,
                        record -> new RequestRecord(
                                record.identity(),
                                record.request(),
                                millis.getAsLong(),
                                record.seed(),
                                record.traceParent(),
                                record.route(),
                                record.seenThrough(),
                                record.lowestUnfinished())),
                (bytes, outcome) -> outcome);
    }

    /** A second append of a request names another one. */
    static LogBackend newIds(LogBackend backend) {
        Set<CorrelationId> appended = new HashSet<>();
        return new Rewriting(
                backend,
                bytes -> rewrite(
                        bytes,
                        record -> appended.add(record.correlation())
                                ? record
                                : new RequestRecord(
                                        Identity.unnamed(
                                                new CorrelationId(
                                                        record.correlation().incarnation(),
                                                        record.correlation().number() + NEW_NUMBERS),
                                                ""),
                                        record.request(),
                                        record.logTimeMillis(),
                                        record.seed(),
                                        record.traceParent(),
                                        record.route(),
                                        record.seenThrough(),
                                        record.lowestUnfinished())),
                UnaryOperator.identity(),
                (bytes, outcome) -> outcome);
    }

    /** A barrier is said to stand one before its place. */
    static LogBackend earlyBarriers(LogBackend backend) {
        return new Rewriting(backend, UnaryOperator.identity(), UnaryOperator.identity(), Bugs::earlier);
    }

    private static AppendOutcome earlier(byte[] bytes, AppendOutcome outcome) {
        try {
            boolean barrier = RecordCodec.decode(bytes) instanceof BarrierRecord;
            return outcome.match(
                    appended -> barrier
                            ? new AppendOutcome.Appended(
                                    new Position(Math.max(1, appended.position().value() - 1)))
                            : appended,
                    rejected -> rejected,
                    unknown -> unknown);
        } catch (UndecodableException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] rewrite(byte[] bytes, UnaryOperator<RequestRecord> change) {
        try {
            return RecordCodec.decode(bytes) instanceof RequestRecord record
                    ? RecordCodec.encode(change.apply(record))
                    : bytes;
        } catch (UndecodableException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes records on their way into the log or out of it, or what is said of them. */
    private record Rewriting(
            LogBackend backend,
            UnaryOperator<byte[]> onAppend,
            UnaryOperator<byte[]> onRead,
            BiFunction<byte[], AppendOutcome, AppendOutcome> onOutcome)
            implements LogBackend {

        @Override
        public OrderedLog log() {
            return new RewritingLog(backend.log(), onAppend, onRead, onOutcome);
        }

        @Override
        public ReplyBus replies() {
            return backend.replies();
        }

        @Override
        public @Nullable ReplicaLink link() {
            return backend.link();
        }

        @Override
        public Bulletin bulletin() {
            return backend.bulletin();
        }

        @Override
        public void close() {
            backend.close();
        }
    }

    private record RewritingLog(
            OrderedLog log,
            UnaryOperator<byte[]> onAppend,
            UnaryOperator<byte[]> onRead,
            BiFunction<byte[], AppendOutcome, AppendOutcome> onOutcome)
            implements OrderedLog {

        @Override
        public CompletableFuture<AppendOutcome> append(byte[] record) {
            return log.append(onAppend.apply(record)).thenApply(outcome -> onOutcome.apply(record, outcome));
        }

        @Override
        public LogReader openReader(Position after) {
            LogReader reader = log.openReader(after);
            return new LogReader() {
                @Override
                public List<LogRecord> read(int bytesMax, Duration maxWait) {
                    return reader.read(bytesMax, maxWait).stream()
                            .map(record -> new LogRecord(record.position(), onRead.apply(record.bytes())))
                            .toList();
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        @Override
        public CompletableFuture<Void> trimBefore(Position first) {
            return log.trimBefore(first);
        }

        @Override
        public CompletableFuture<Position> tail() {
            return log.tail();
        }

        @Override
        public int recordBytesMax() {
            return log.recordBytesMax();
        }

        @Override
        public String identity() {
            return log.identity();
        }

        @Override
        public void close() {
            log.close();
        }
    }
}

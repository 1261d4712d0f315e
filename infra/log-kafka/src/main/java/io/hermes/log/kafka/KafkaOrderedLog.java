package io.hermes.log.kafka;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The log as the only partition of a topic. A record's position is its offset plus one, since 0 is before them all. */
final class KafkaOrderedLog implements OrderedLog {

    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final KafkaIdentity identity;
    private final KafkaGatherer writer;
    private final Admin admin;
    private final KafkaProperties properties;
    private final int recordBytesMax;
    private final LongSupplier nanoClock;
    private final Set<KafkaLogReader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger readersMade = new AtomicInteger();
    // Atomic: any thread closes, any thread appends.
    private final AtomicBoolean closed = new AtomicBoolean();

    KafkaOrderedLog(
            KafkaIdentity identity,
            KafkaGatherer writer,
            Admin admin,
            KafkaProperties properties,
            int recordBytesMax,
            LongSupplier nanoClock) {
        this.identity = identity;
        this.writer = writer;
        this.admin = admin;
        this.properties = properties;
        this.recordBytesMax = recordBytesMax;
        this.nanoClock = nanoClock;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(byte[] record) {
        PendingAppend pending = new PendingAppend();
        String loss = identity.loss();
        if (closed.get()) {
            pending.onRejected("the log is closed");
        } else if (record.length > recordBytesMax) {
            pending.onRejected("the record has " + record.length + " bytes, more than " + recordBytesMax);
        } else if (loss != null) {
            pending.onRejected(loss);
        } else {
            TopicPartition partition = identity.partition();
            writer.write(new ProducerRecord<>(partition.topic(), partition.partition(), null, record), pending);
        }
        return pending.future;
    }

    @Override
    public LogReader openReader(Position after) {
        if (closed.get()) {
            throw new LogUnavailableException("the log is closed", null);
        }
        try {
            String role = "reader-" + readersMade.getAndIncrement();
            KafkaLogReader reader = new KafkaLogReader(
                    new KafkaConsumer<>(properties.reading(role)), identity, after, nanoClock, readers::remove);
            readers.add(reader);
            return reader;
        } catch (KafkaException e) {
            throw new LogUnavailableException("no reader can be opened: " + KafkaFailures.text(e), e);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are dealt with inside
    public CompletableFuture<Void> trimBefore(Position first) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        tail().whenComplete((tail, failure) -> {
            if (failure == null) {
                // Kafka refuses to trim beyond the end.
                trim(Math.min(Math.max(0, first.value() - 1), tail.value()), result);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are dealt with inside
    public CompletableFuture<Position> tail() {
        CompletableFuture<Position> result = new CompletableFuture<>();
        TopicPartition partition = identity.partition();
        KafkaFuture<ListOffsetsResultInfo> asked =
                admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition);
        asked.whenComplete((info, failure) -> {
            if (failure == null) {
                result.complete(new Position(info.offset()));
            } else {
                result.completeExceptionally(unavailable("the end of " + partition + " is not known", failure));
            }
        });
        return result;
    }

    @Override
    public int recordBytesMax() {
        return recordBytesMax;
    }

    @Override
    public String identity() {
        return identity.toString();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            writer.close(CLOSE_MAX);
            List.copyOf(readers).forEach(KafkaLogReader::close);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are dealt with inside
    private void trim(long beforeOffset, CompletableFuture<Void> result) {
        TopicPartition partition = identity.partition();
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(beforeOffset)))
                .all()
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        result.complete(null);
                    } else {
                        result.completeExceptionally(unavailable("trimming " + partition + " failed", failure));
                    }
                });
    }

    private static LogUnavailableException unavailable(String what, Throwable failure) {
        return new LogUnavailableException(what + ": " + KafkaFailures.text(failure), failure);
    }

    private static final class PendingAppend implements KafkaWriter.Outcome {

        private final CompletableFuture<AppendOutcome> future = new CompletableFuture<>();

        @Override
        public void onWritten(long offset) {
            future.complete(
                    offset < 0
                            ? new AppendOutcome.Unknown("the broker did not say where")
                            : new AppendOutcome.Appended(new Position(offset + 1)));
        }

        @Override
        public void onRejected(String reason) {
            future.complete(new AppendOutcome.Rejected(reason));
        }

        @Override
        public void onUnknown(String reason) {
            future.complete(new AppendOutcome.Unknown(reason));
        }
    }
}

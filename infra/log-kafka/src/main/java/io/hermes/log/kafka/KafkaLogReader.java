package io.hermes.log.kafka;

import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the partition's records. What a poll returned beyond a batch's bound is kept for the next batch; Kafka's own
 * bounds (2,000 records, about 1 MiB) hold for it.
 */
final class KafkaLogReader implements LogReader {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogReader.class);

    /**
     * How long the brokers must insist that the log ends before our position. A leader that was deposed while it was paused
     * says so until it notices, and then the log is as long as ever.
     */
    private static final Duration SHORTER_MIN = Duration.ofSeconds(5);

    private static final Duration LOOKUP_MAX = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final KafkaIdentity identity;
    private final TopicPartition partition;
    private final LongSupplier nanoClock;
    private final Consumer<KafkaLogReader> onClosed;
    private final CountDownLatch closing = new CountDownLatch(1);
    // Kafka's consumer belongs to one thread at a time; the log closes its readers from another than their owner's.
    private final ReentrantLock turn = new ReentrantLock();

    // Owned by whoever has the turn:
    private Position last;
    private Iterator<ConsumerRecord<byte[], byte[]>> rest = Collections.emptyIterator();
    private @Nullable ConsumerRecord<byte[], byte[]> next;
    private @Nullable KafkaDeadline shorterUntil;
    private boolean closed;

    KafkaLogReader(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            KafkaIdentity identity,
            Position after,
            LongSupplier nanoClock,
            Consumer<KafkaLogReader> onClosed) {
        this.consumer = consumer;
        this.identity = identity;
        this.partition = identity.partition();
        this.last = after;
        this.nanoClock = nanoClock;
        this.onClosed = onClosed;
        consumer.assign(List.of(partition));
        consumer.seek(partition, after.value());
    }

    @Override
    public List<LogRecord> read(int bytesMax, Duration maxWait) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("this reader is closed");
            }
            String loss = identity.loss();
            if (loss != null) {
                throw new LogLostException(loss, null);
            }
            if (next == null) {
                poll(maxWait);
            }
            return batch(bytesMax);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_MAX));
                onClosed.accept(this);
            }
        } catch (KafkaException e) {
            LOG.debug("reader did not close in order", e);
        } finally {
            turn.unlock();
        }
    }

    private List<LogRecord> batch(int bytesMax) {
        List<LogRecord> batch = new ArrayList<>();
        long bytes = 0;
        while (next != null && (batch.isEmpty() || bytes + next.value().length <= bytesMax)) {
            Position position = new Position(next.offset() + 1);
            if (!position.isAfter(last)) {
                throw new LogLostException("position " + position + " delivered after " + last, null);
            }
            batch.add(new LogRecord(position, next.value()));
            bytes += next.value().length;
            last = position;
            advance();
        }
        return batch;
    }

    private void advance() {
        next = rest.hasNext() ? rest.next() : null;
    }

    private void poll(Duration maxWait) {
        try {
            rest = consumer.poll(maxWait).iterator();
            advance();
            if (next != null) {
                shorterUntil = null;
            }
        } catch (LogTruncationException e) {
            throw new LogLostException(
                    partition + " was truncated below position " + last + ": divergent at " + e.divergentOffsets(), e);
        } catch (OffsetOutOfRangeException e) {
            onOutOfRange(e, maxWait);
        } catch (WakeupException | InterruptException e) {
            LOG.debug("read ended early", e);
        } catch (KafkaException e) {
            // Among them missing rights, which somebody may grant while we wait.
            LOG.warn("reading {} failed and is tried again: {}", partition, KafkaFailures.text(e));
            pause(maxWait);
        }
    }

    private void onOutOfRange(OffsetOutOfRangeException failure, Duration maxWait) {
        long wanted = last.value();
        long first;
        try {
            first = consumer.beginningOffsets(List.of(partition), LOOKUP_MAX).getOrDefault(partition, 0L);
        } catch (KafkaException e) {
            LOG.debug("beginning not known", e);
            return;
        }
        if (wanted < first) {
            throw new LogTrimmedException(
                    "the records after position " + last + " were forgotten: the first one kept is at " + (first + 1),
                    new Position(first),
                    failure);
        }
        if (shorterUntil == null) {
            shorterUntil = KafkaDeadline.after(SHORTER_MIN, nanoClock);
        } else if (shorterUntil.isOver()) {
            throw new LogLostException(partition + " ends before position " + last + ", which was delivered", failure);
        }
        pause(maxWait);
    }

    /** Kafka answers such failures at once and again and again, while our caller relies on waiting here. */
    private void pause(Duration maxWait) {
        try {
            if (closing.await(Math.min(maxWait.toMillis(), 200), TimeUnit.MILLISECONDS)) {
                LOG.debug("closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

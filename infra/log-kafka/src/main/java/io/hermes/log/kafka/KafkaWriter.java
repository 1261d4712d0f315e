package io.hermes.log.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer that never blocks its caller, says of each record whether it can have left the process, and is replaced when
 * it has failed for good. {@link #upkeep} must be called again and again by one thread: with {@code max.block.ms=0} a
 * producer that does not know its topic rejects every record, and only asks about it when it is used.
 */
final class KafkaWriter {

    /** What becomes of one record, told on any thread. The first call counts; a second one may follow and says no more. */
    interface Outcome {

        void onWritten(long offset);

        /** The record has not left the process and never will. */
        void onRejected(String reason);

        void onUnknown(String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWriter.class);

    private final List<String> topics;
    private final Supplier<Producer<byte[], byte[]>> opening;
    // Atomic: swapped by the upkeep's thread, read by all that write; empty before the start and after the end.
    private final AtomicReference<@Nullable Producer<byte[], byte[]>> current = new AtomicReference<>();
    // Atomic: noted by any thread that meets the failure, taken by the upkeep's.
    private final AtomicReference<@Nullable Producer<byte[], byte[]>> failed = new AtomicReference<>();

    KafkaWriter(List<String> topics, Supplier<Producer<byte[], byte[]>> opening) {
        this.topics = List.copyOf(topics);
        this.opening = opening;
    }

    void start() {
        current.set(opening.get());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells all that the future would
    void write(ProducerRecord<byte[], byte[]> record, Outcome outcome) {
        Producer<byte[], byte[]> producer = current.get();
        if (producer == null) {
            outcome.onRejected("closed");
            return;
        }
        Attempt attempt = new Attempt(producer, outcome, Thread.currentThread());
        try {
            producer.send(record, attempt);
        } catch (RuntimeException e) {
            attempt.onThrown(e);
        }
        attempt.returned = true;
    }

    /** Replaces a failed producer and refreshes its knowledge of the topics; true if it knows them all. */
    boolean upkeep() {
        Producer<byte[], byte[]> broken = failed.getAndSet(null);
        if (broken != null && broken == current.get()) {
            replace(broken);
        }
        Producer<byte[], byte[]> producer = current.get();
        if (producer == null) {
            return false;
        }
        boolean warm = true;
        for (String topic : topics) {
            warm &= knows(producer, topic);
        }
        return warm;
    }

    /** Later records are rejected; those on their way end within the time given. Any thread, once. */
    void close(Duration max) {
        Producer<byte[], byte[]> producer = current.getAndSet(null);
        if (producer != null) {
            producer.close(max);
        }
    }

    private void replace(Producer<byte[], byte[]> broken) {
        LOG.warn("producer failed for good and is replaced; appends under way end as unknown");
        Producer<byte[], byte[]> next = opening.get();
        if (current.compareAndSet(broken, next)) {
            broken.close(Duration.ZERO);
        } else {
            next.close(Duration.ZERO);
        }
    }

    private static boolean knows(Producer<byte[], byte[]> producer, String topic) {
        try {
            return !producer.partitionsFor(topic).isEmpty();
        } catch (TimeoutException e) {
            return false; // Asked for; the answer comes on the producer's own thread.
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("metadata not known yet", e);
            return false;
        }
    }

    /** One record's way through one producer. */
    private final class Attempt implements Callback {

        private final Producer<byte[], byte[]> producer;
        private final Outcome outcome;
        private final Thread caller;
        // Owned by the caller's thread, and read by no other.
        private boolean returned;

        Attempt(Producer<byte[], byte[]> producer, Outcome outcome, Thread caller) {
            this.producer = producer;
            this.outcome = outcome;
            this.caller = caller;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            if (exception == null && metadata != null) {
                outcome.onWritten(metadata.offset());
                return;
            }
            boolean duringSend = Thread.currentThread() == caller && !returned;
            if (duringSend && failsBeforeSending(exception)) {
                outcome.onRejected(reason(exception));
            } else {
                noteIfFatal(exception);
                outcome.onUnknown(reason(exception));
            }
        }

        void onThrown(RuntimeException e) {
            // Both are raised only while waiting for memory or metadata, before the record is taken over.
            if (e instanceof InterruptException || e instanceof IllegalArgumentException) {
                outcome.onRejected(reason(e));
                return;
            }
            noteFailed();
            // The record may lie in the producer's memory already, and then its callback comes as well.
            outcome.onUnknown(reason(e));
        }

        private void noteIfFatal(@Nullable Exception e) {
            if (isFatal(e)) {
                noteFailed();
            }
        }

        private void noteFailed() {
            if (current.get() == producer) {
                failed.set(producer);
            }
        }
    }

    private static boolean failsBeforeSending(@Nullable Exception e) {
        return e instanceof TimeoutException // no metadata, or (its subclass) no memory left
                || e instanceof RecordTooLargeException
                || e instanceof InvalidTopicException
                || e instanceof TopicAuthorizationException
                || e instanceof AuthenticationException;
    }

    private static boolean isFatal(@Nullable Exception e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidPidMappingException
                || e instanceof OutOfOrderSequenceException
                || e instanceof ClusterAuthorizationException
                || e instanceof TransactionalIdAuthorizationException
                || e instanceof UnsupportedVersionException
                || (e instanceof KafkaException && !(e instanceof ApiException));
    }

    private static String reason(@Nullable Exception e) {
        return e == null ? "no answer" : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}

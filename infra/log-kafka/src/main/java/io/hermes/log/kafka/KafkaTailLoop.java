package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one thread that follows one partition of a topic whose records may be lost, from a place its owner has sought. It
 * goes on through every failure until it is closed.
 */
final class KafkaTailLoop implements AutoCloseable {

    /** Told of what comes, on the loop's thread. */
    interface Sink {

        void onRecord(ConsumerRecord<byte[], byte[]> record);

        /** All records below an offset were told, or the brokers have them no more. */
        default void onReached(long offset) {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(KafkaTailLoop.class);

    private static final Duration POLL_MAX = Duration.ofSeconds(1);
    private static final Duration LOOKUP_MAX = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 200;
    private static final long CLOSE_MAX_MILLIS = 3_000;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Sink sink;
    private final FaultHandler faults;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    KafkaTailLoop(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Sink sink,
            FaultHandler faults,
            String threadName) {
        this.faults = faults;
        this.consumer = consumer;
        this.partition = partition;
        this.sink = sink;
        this.thread = KafkaThreads.daemon(threadName, this::run);
    }

    void start() {
        thread.start();
    }

    /** When it returns, nothing is told any more, unless the caller is the loop itself. */
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_MAX_MILLIS);
            if (thread.isAlive()) {
                LOG.warn("{} did not end in time", thread.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        while (!isClosing()) {
            try {
                deliver();
            } catch (WakeupException e) {
                LOG.debug("woken up to end");
            } catch (RuntimeException e) {
                LOG.warn("following {} failed and is tried again: {}", partition, KafkaFailures.text(e));
                pause();
            } catch (Error e) {
                faults.onFatal("thread " + thread.getName() + " ended", e);
                throw e;
            }
        }
        try {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        } catch (KafkaException e) {
            LOG.debug("consumer did not close in order", e);
        }
    }

    private void deliver() {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_MAX)) {
                if (isClosing()) {
                    return;
                }
                sink.onRecord(record);
            }
            sink.onReached(consumer.position(partition, LOOKUP_MAX));
        } catch (OffsetOutOfRangeException e) {
            reposition(e);
        }
    }

    /** Retention was faster than we, or a new leader has less than the old one: go on with what there is. */
    private void reposition(OffsetOutOfRangeException failure) {
        List<TopicPartition> asked = List.of(partition);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(asked, LOOKUP_MAX);
        long wanted = failure.offsetOutOfRangePartitions().getOrDefault(partition, 0L);
        if (wanted < first.getOrDefault(partition, 0L)) {
            consumer.seekToBeginning(asked);
        } else {
            consumer.seekToEnd(asked);
        }
    }

    private void pause() {
        try {
            if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("closing");
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted; only close ends this loop");
        }
    }
}

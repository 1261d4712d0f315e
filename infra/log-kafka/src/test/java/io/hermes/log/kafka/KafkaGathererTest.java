package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KafkaGathererTest {

    private static final Duration APART = Duration.ofMillis(500);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<String> outcomes = new CopyOnWriteArrayList<>();
    private final KafkaWriter writer = new KafkaWriter(List.of("log"), () -> producer);
    // Added to what the clock says, so that a while is over at once.
    private final AtomicLong laterNanos = new AtomicLong();
    private final KafkaGatherer gatherer = new KafkaGatherer(
            writer,
            APART,
            () -> System.nanoTime() + laterNanos.get(),
            (reason, cause) -> outcomes.add("fatal " + reason));

    private int written;

    @BeforeEach
    void start() {
        writer.start();
        gatherer.start();
    }

    @AfterEach
    void close() {
        gatherer.close(Duration.ofSeconds(1));
    }

    @Test
    void fewRecordsGoAtOnce() {
        write(KafkaGatherer.AT_ONCE_MAX);

        assertThat(producer.history()).hasSize(KafkaGatherer.AT_ONCE_MAX);
    }

    @Test
    void recordsOfABusyLogGoTogetherAMomentAfterTheLast() {
        write(KafkaGatherer.AT_ONCE_MAX + 1);
        awaitSent(KafkaGatherer.AT_ONCE_MAX + 1);
        long handedOver = System.nanoTime();
        write(5);

        awaitSent(KafkaGatherer.AT_ONCE_MAX + 6);

        assertThat(Duration.ofNanos(System.nanoTime() - handedOver)).isGreaterThan(APART.dividedBy(2));
        assertThat(producer.history())
                .extracting(record -> (int) record.value()[0])
                .as("in the order in which they came")
                .isEqualTo(java.util.stream.IntStream.range(0, KafkaGatherer.AT_ONCE_MAX + 6)
                        .boxed()
                        .toList());
    }

    @Test
    void recordOfALogThatWasBusyDoesNotGoAlone() {
        writeAndComplete(KafkaGatherer.AT_ONCE_MAX + 1);
        // However long this test was kept from going on, the while is not over.
        laterNanos.addAndGet(-Duration.ofSeconds(1).toNanos());

        write(1);

        assertThat(producer.history()).hasSize(KafkaGatherer.AT_ONCE_MAX + 1);
        awaitSent(KafkaGatherer.AT_ONCE_MAX + 2);
    }

    @Test
    void recordGoesAtOnceAgainWhenTheLogWasNotBusyForAWhile() {
        writeAndComplete(KafkaGatherer.AT_ONCE_MAX + 1);
        laterNanos.addAndGet(KafkaGatherer.BUSY_FOR.toNanos());

        write(1);

        assertThat(producer.history()).hasSize(KafkaGatherer.AT_ONCE_MAX + 2);
        assertThat(outcomes).hasSize(KafkaGatherer.AT_ONCE_MAX + 1).containsOnly("written");
    }

    @Test
    void whatFailedIsNotCountedAnyMore() {
        write(KafkaGatherer.AT_ONCE_MAX);
        while (producer.errorNext(new org.apache.kafka.common.errors.TimeoutException("no answer"))) {
            // one after the other
        }

        write(KafkaGatherer.AT_ONCE_MAX);

        assertThat(producer.history()).hasSize(2 * KafkaGatherer.AT_ONCE_MAX);
    }

    @Test
    void closeHandsOverWhatWaitsAndRejectsWhatComes() {
        write(KafkaGatherer.AT_ONCE_MAX + 1);
        awaitSent(KafkaGatherer.AT_ONCE_MAX + 1);
        write(3);

        gatherer.close(Duration.ofSeconds(1));
        write(1);

        assertThat(producer.history()).hasSize(KafkaGatherer.AT_ONCE_MAX + 4);
        assertThat(outcomes).containsExactly("rejected the log is closed");
    }

    private void writeAndComplete(int count) {
        write(count);
        awaitSent(count);
        while (producer.completeNext()) {
            // one after the other
        }
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            byte[] value = {(byte) written++};
            gatherer.write(new ProducerRecord<>("log", 0, null, value), new KafkaWriter.Outcome() {
                @Override
                public void onWritten(long offset) {
                    outcomes.add("written");
                }

                @Override
                public void onRejected(String reason) {
                    outcomes.add("rejected " + reason);
                }

                @Override
                public void onUnknown(String reason) {
                    outcomes.add("unknown " + reason);
                }
            });
        }
    }

    private void awaitSent(int count) {
        Awaitility.await(count + " records are sent")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> producer.history().size() >= count);
    }
}

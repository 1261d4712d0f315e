package io.hermes.log.kafka;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what may be lost, and counts what was. */
final class KafkaLosable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaLosable.class);

    private final KafkaWriter writer;
    // Atomic: counted on any thread.
    private final AtomicLong lost = new AtomicLong();
    private final Loss loss = new Loss();

    KafkaLosable(KafkaWriter writer) {
        this.writer = writer;
    }

    void write(ProducerRecord<byte[], byte[]> record) {
        writer.write(record, loss);
    }

    /** Called every few seconds: one line for all that was lost since. */
    void report() {
        long count = lost.getAndSet(0);
        if (count > 0) {
            LOG.warn("replies or notices lost: {}; the last because {}", count, loss.reason);
        }
    }

    private final class Loss implements KafkaWriter.Outcome {

        // Volatile: written by any thread, read by the upkeep's, for people only.
        private volatile String reason = "";

        @Override
        public void onWritten(long offset) {
            // As it should be.
        }

        @Override
        public void onRejected(String why) {
            onUnknown(why);
        }

        @Override
        public void onUnknown(String why) {
            reason = why;
            lost.incrementAndGet();
        }
    }
}

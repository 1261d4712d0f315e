package io.hermes.log.kafka;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The board as a compacted topic; a withdrawn key is a tombstone. */
final class KafkaBulletin implements Bulletin {

    private static final int VALUE_BYTES_MAX = 64 * 1024;
    private static final int KEY_CHARS_MAX = 200;

    private final TopicPartition partition;
    private final KafkaLosable writer;
    private final KafkaProperties properties;
    private final FaultHandler faults;
    private final Set<KafkaWatch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicInteger watchesMade = new AtomicInteger();
    // Atomic: any thread closes, any thread publishes.
    private final AtomicBoolean closed = new AtomicBoolean();

    KafkaBulletin(String topic, KafkaLosable writer, KafkaProperties properties, FaultHandler faults) {
        this.faults = faults;
        this.partition = new TopicPartition(topic, 0);
        this.writer = writer;
        this.properties = properties;
    }

    @Override
    public void publish(String key, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the value of " + key + " has " + value.length + " bytes, more than 64 KiB");
        }
        put(key, value);
    }

    @Override
    public void withdraw(String key) {
        put(key, null);
    }

    @Override
    public Watch watch(Watcher watcher) {
        if (closed.get()) {
            throw new IllegalStateException("the board is closed");
        }
        int number = watchesMade.getAndIncrement();
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties.consumer("watch-" + number));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        BoardTable table = new BoardTable(
                watcher, () -> consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L));
        KafkaTailLoop loop = new KafkaTailLoop(consumer, partition, table, faults, "hermes-kafka-watch-" + number);
        KafkaWatch watch = new KafkaWatch(loop, watches::remove);
        watches.add(watch);
        loop.start();
        return watch;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(watches).forEach(KafkaWatch::close);
        }
    }

    private void put(String key, byte @Nullable [] value) {
        if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
            throw new IllegalArgumentException("a key has 1 to 200 characters, not " + key.length());
        }
        if (!closed.get()) {
            byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
            writer.write(new ProducerRecord<>(partition.topic(), partition.partition(), keyBytes, value));
        }
    }

    private record KafkaWatch(KafkaTailLoop loop, Consumer<KafkaWatch> onClosed) implements Watch {

        @Override
        public void close() {
            loop.close();
            onClosed.accept(this);
        }
    }
}

package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import io.hermes.log.Inbox;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies by a topic: an inbox reads the one partition that its incarnation falls on and takes what bears the
 * incarnation as key. The address carries the partition, so that senders need not know how many there are.
 */
final class KafkaReplyBus implements ReplyBus {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaReplyBus.class);

    private final String topic;
    private final int partitions;
    private final KafkaLosable writer;
    private final KafkaProperties properties;
    private final Duration startTimeout;
    private final FaultHandler faults;
    private final Set<KafkaInbox> inboxes = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inboxesMade = new AtomicInteger();
    // Atomic: any thread closes, any thread replies.
    private final AtomicBoolean closed = new AtomicBoolean();

    KafkaReplyBus(
            String topic,
            int partitions,
            KafkaLosable writer,
            KafkaProperties properties,
            Duration startTimeout,
            FaultHandler faults) {
        this.topic = topic;
        this.partitions = partitions;
        this.writer = writer;
        this.properties = properties;
        this.startTimeout = startTimeout;
        this.faults = faults;
    }

    @Override
    public Inbox openInbox(String incarnation, Consumer<byte[]> onReply) {
        if (closed.get()) {
            throw new LogUnavailableException("the reply bus is closed", null);
        }
        int number = inboxesMade.getAndIncrement();
        TopicPartition partition = new TopicPartition(topic, partitionOf(incarnation, partitions));
        KafkaConsumer<byte[], byte[]> consumer = consumerAtEnd(partition, "inbox-" + number);
        byte[] key = incarnation.getBytes(StandardCharsets.UTF_8);
        KafkaTailLoop loop = new KafkaTailLoop(
                consumer,
                partition,
                record -> {
                    if (Arrays.equals(key, record.key())) {
                        onReply.accept(record.value());
                    }
                },
                faults,
                "hermes-kafka-inbox-" + number);
        KafkaInbox inbox = new KafkaInbox(addressOf(partition.partition(), incarnation), loop, inboxes::remove);
        inboxes.add(inbox);
        loop.start();
        return inbox;
    }

    @Override
    public void reply(ReplyAddress address, byte[] reply) {
        if (closed.get()) {
            return;
        }
        String value = address.value();
        int colon = value.indexOf(':');
        int partition;
        try {
            partition = Integer.parseInt(value, 0, Math.max(colon, 0), 10);
        } catch (NumberFormatException e) {
            LOG.debug("an address of another kind", e);
            return;
        }
        if (partition < 0) {
            return;
        }
        byte[] key = value.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        writer.write(new ProducerRecord<>(topic, partition, key, reply));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(inboxes).forEach(KafkaInbox::close);
        }
    }

    /** The same at every process and for ever, unlike {@link String#hashCode}, which promises less than it keeps. */
    static int partitionOf(String incarnation, int partitions) {
        CRC32 hash = new CRC32();
        hash.update(incarnation.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % partitions);
    }

    private static ReplyAddress addressOf(int partition, String incarnation) {
        return new ReplyAddress(partition + ":" + incarnation);
    }

    /** The end is looked up before anybody can learn the address, so no reply can lie before it. */
    private KafkaConsumer<byte[], byte[]> consumerAtEnd(TopicPartition partition, String role) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties.consumer(role));
        try {
            consumer.assign(List.of(partition));
            Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition), startTimeout);
            consumer.seek(partition, ends.getOrDefault(partition, 0L));
            return consumer;
        } catch (KafkaException e) {
            consumer.close();
            throw new LogUnavailableException(
                    "the end of " + partition + " is not known within " + startTimeout.toSeconds() + " s: "
                            + KafkaFailures.text(e),
                    e);
        }
    }

    private record KafkaInbox(ReplyAddress address, KafkaTailLoop loop, Consumer<KafkaInbox> onClosed)
            implements Inbox {

        @Override
        public void close() {
            loop.close();
            onClosed.accept(this);
        }
    }
}

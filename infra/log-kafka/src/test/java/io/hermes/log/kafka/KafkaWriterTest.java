package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class KafkaWriterTest {

    private static final String TOPIC = "log";

    private final List<MockProducer<byte[], byte[]>> opened = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();

    @Test
    void coldProducerRejectsWithoutBlocking() {
        KafkaWriter writer = new KafkaWriter(List.of(TOPIC), () -> producerWithoutBroker());
        writer.start();
        long start = System.nanoTime();
        write(writer);
        assertThat(outcomes).singleElement().asString().startsWith("rejected TimeoutException");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        writer.close(Duration.ZERO);
    }

    @Test
    void timeoutAfterSendingIsUnknown() {
        KafkaWriter writer = started();
        write(writer);
        opened.get(0).errorNext(new TimeoutException("no answer"));
        assertThat(outcomes).singleElement().asString().startsWith("unknown TimeoutException");
    }

    @Test
    void fatalFailureReplacesTheProducer() {
        KafkaWriter writer = started();
        write(writer);
        opened.get(0).errorNext(new ProducerFencedException("another one"));
        writer.upkeep();
        write(writer);
        assertThat(opened.get(0).closed()).isTrue();
        assertThat(opened.get(1).history()).hasSize(1);
    }

    @Test
    void failureOfAnEarlierProducerDoesNotReplaceTheNext() {
        KafkaWriter writer = started();
        write(writer);
        write(writer);
        opened.get(0).errorNext(new ProducerFencedException("another one"));
        writer.upkeep();
        opened.get(0).errorNext(new ProducerFencedException("another one"));
        writer.upkeep();
        assertThat(opened).hasSize(2);
    }

    @Test
    void writesAfterCloseAreRejected() {
        KafkaWriter writer = started();
        writer.close(Duration.ZERO);
        write(writer);
        assertThat(outcomes).containsExactly("rejected closed");
    }

    private KafkaWriter started() {
        KafkaWriter writer = new KafkaWriter(List.of(TOPIC), this::mockProducer);
        writer.start();
        return writer;
    }

    private void write(KafkaWriter writer) {
        writer.write(new ProducerRecord<>(TOPIC, 0, null, new byte[1]), new KafkaWriter.Outcome() {
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

    private Producer<byte[], byte[]> mockProducer() {
        Node node = new Node(0, "127.0.0.1", 1);
        Node[] nodes = {node};
        Cluster cluster = new Cluster(
                "cluster",
                List.of(node),
                List.of(new PartitionInfo(TOPIC, 0, node, nodes, nodes)),
                java.util.Set.of(),
                java.util.Set.of());
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(cluster, false, null, new ByteArraySerializer(), new ByteArraySerializer());
        opened.add(producer);
        return producer;
    }

    private static Producer<byte[], byte[]> producerWithoutBroker() {
        Map<String, Object> properties = new KafkaProperties(KafkaConfig.of("127.0.0.1:1")).appending();
        return new KafkaProducer<>(properties);
    }
}

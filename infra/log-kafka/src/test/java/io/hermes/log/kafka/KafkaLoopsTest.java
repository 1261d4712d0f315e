package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends a thread of ours is told: the process would go on without it. */
@Timeout(20)
class KafkaLoopsTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<String> fatal = new CopyOnWriteArrayList<>();

    @Test
    void errorThatEndsATailIsTold() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.addRecord(new ConsumerRecord<>("t", 0, 0, new byte[0], new byte[0]));
        KafkaTailLoop.Sink broken = any -> {
            throw new AssertionError("planted");
        };
        try (KafkaTailLoop loop =
                new KafkaTailLoop(consumer, PARTITION, broken, (what, cause) -> fatal.add(what), "tail-0")) {
            loop.start();

            await().dontCatchUncaughtExceptions().until(() -> !fatal.isEmpty());
        }

        assertThat(fatal).containsExactly("thread tail-0 ended");
    }

    @Test
    void errorThatEndsATaskOfUpkeepIsTold() {
        Runnable broken = () -> {
            throw new AssertionError("planted");
        };
        try (KafkaUpkeepLoop loop =
                new KafkaUpkeepLoop(List.of(new KafkaUpkeepLoop.Task(broken, 1)), (what, cause) -> fatal.add(what))) {
            loop.start();

            await().dontCatchUncaughtExceptions().until(() -> !fatal.isEmpty());
        }

        assertThat(fatal).containsExactly("a task of upkeep ended");
    }
}

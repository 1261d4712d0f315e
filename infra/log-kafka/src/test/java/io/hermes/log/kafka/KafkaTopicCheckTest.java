package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogRefusedException;
import io.hermes.log.LogUnavailableException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KafkaTopicCheckTest {

    private static final Map<String, String> RIGHT = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "min.insync.replicas", "1",
            "max.message.bytes", "2000000");

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, compact, delete",
        "retention.ms, 604800000, -1",
        "retention.bytes, 1000000, -1",
        "unclean.leader.election.enable, true, false",
        "max.message.bytes, 100000, at least 1114112"
    })
    void topicWithAnotherSettingIsRefusedByName(String setting, String found, String wanted) throws Exception {
        KafkaConfig config = SharedBroker.config();
        Map<String, String> settings = new HashMap<>(RIGHT);
        settings.put(setting, found);
        create(new NewTopic(config.logTopic(), 1, (short) 1).configs(settings));
        assertThatThrownBy(() -> SharedBroker.open(config))
                .isInstanceOf(LogRefusedException.class)
                .hasMessageContaining(
                        "topic " + config.logTopic() + ": " + setting + " is " + found + ", wanted is " + wanted);
    }

    @Test
    void logOfTwoPartitionsIsRefused() throws Exception {
        KafkaConfig config = SharedBroker.config();
        create(new NewTopic(config.logTopic(), 2, (short) 1).configs(RIGHT));
        assertThatThrownBy(() -> SharedBroker.open(config))
                .isInstanceOf(LogRefusedException.class)
                .hasMessageContaining("partitions is 2, wanted is 1");
    }

    @Test
    void topicWithTooFewCopiesIsRefused() throws Exception {
        KafkaConfig config = SharedBroker.config();
        create(new NewTopic(config.logTopic(), 1, (short) 1).configs(RIGHT));
        assertThatThrownBy(() -> SharedBroker.open(config.withReplication(3, 2)))
                .isInstanceOf(LogRefusedException.class)
                .hasMessageContaining("replication.factor is 1, wanted is at least 3");
    }

    @Test
    void tooFewBrokersAreToldWithinTheStartTimeout() {
        KafkaConfig config =
                SharedBroker.config().withReplication(3, 2).withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThatThrownBy(() -> SharedBroker.open(config))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessageContaining("the topics are not ready")
                .hasMessageContaining("replicat");
    }

    @Test
    void existingTopicsThatAreRightAreTaken() {
        KafkaConfig config = SharedBroker.config();
        String first;
        try (KafkaLogBackend backend = SharedBroker.open(config)) {
            first = backend.log().identity();
        }
        try (KafkaLogBackend backend = SharedBroker.open(config)) {
            assertThat(backend.log().identity()).isEqualTo(first);
        }
    }

    @Test
    void silenceOfTheBrokersIsToldWithinTheStartTimeout() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        KafkaConfig config =
                KafkaConfig.of("127.0.0.1:" + port).withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2));
        long start = System.nanoTime();
        assertThatThrownBy(() -> SharedBroker.open(config))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessageContaining("no Kafka broker answers at 127.0.0.1:" + port + " within 2 s");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    private static void create(NewTopic topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrap()))) {
            admin.createTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
        }
    }
}

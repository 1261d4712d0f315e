package io.hermes.log.kafka.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaClusterTest {

    private final AtomicInteger port = new AtomicInteger(20_000);

    @Test
    void clusterIdStaysTheSameOnTheSameDirectory(@TempDir Path directory) {
        KafkaCluster first = KafkaCluster.plan(directory, 3, port::incrementAndGet);
        KafkaCluster second = KafkaCluster.plan(directory, 3, port::incrementAndGet);
        assertThat(second.clusterId()).isEqualTo(first.clusterId());
    }

    @Test
    void directoryOfAnotherSizeIsRefused(@TempDir Path directory) {
        KafkaCluster.plan(directory, 3, port::incrementAndGet);
        assertThatThrownBy(() -> KafkaCluster.plan(directory, 1, port::incrementAndGet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of 3 brokers, not 1");
    }

    @Test
    void everyBrokerOfThePlanHasArgumentsThatItsMainUnderstands(@TempDir Path directory) {
        KafkaCluster cluster = KafkaCluster.plan(directory, 2, port::incrementAndGet);
        List<String> endpoints = cluster.brokers().stream()
                .map(plan -> BrokerArguments.parse(plan.arguments()).controllerEndpoint())
                .toList();
        assertThat(endpoints).containsExactly("127.0.0.1:20002", "127.0.0.1:20004");
    }

    @Test
    void bootstrapNamesEveryBroker(@TempDir Path directory) {
        KafkaCluster cluster = KafkaCluster.plan(directory, 2, port::incrementAndGet);
        assertThat(cluster.bootstrap()).isEqualTo("127.0.0.1:20001,127.0.0.1:20003");
    }

    @Test
    void unknownOptionIsNamed() {
        assertThatThrownBy(() -> BrokerArguments.parse(List.of("--colour", "red")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--colour");
    }
}

package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaConfigTest {

    @Test
    void passwordsAreNotPrinted() {
        KafkaConfig config = KafkaConfig.of("broker:9092")
                .withClientProperties(Map.of("ssl.key.password", "secret", "sasl.jaas.config", "secret too"));

        assertThat(config.toString())
                .contains("broker:9092", "[sasl.jaas.config, ssl.key.password]")
                .doesNotContain("secret");
    }
}

package io.hermes.log.kafka.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedKafkaTest {

    @Test
    void clusterAndTopicsSurviveAnotherStartOnOtherPorts(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 1);
                Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            kafka.stop(0);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 1);
                Admin admin = admin(kafka)) {
            Set<String> topics = admin.listTopics().names().get(20, TimeUnit.SECONDS);
            assertThat(topics).containsExactly("kept");
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }
}

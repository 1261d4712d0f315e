package io.hermes.containers;

import io.hermes.log.LogBackend;
import io.hermes.log.kafka.KafkaConfig;
import io.hermes.log.kafka.KafkaLogBackend;
import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The log's contract on the broker's image, by Testcontainers. What needs a restart of the broker is left out: the container would
 * come back on another port than the one that clients know. Those clauses are tested on a broker's process, in {@code log-kafka}.
 */
class KafkaContainerIT extends LogContract {

    private static final ContainerFixture FIXTURE = new ContainerFixture();

    @BeforeAll
    static void start() {
        Engine.require(KafkaContainerIT.class, Engine.KAFKA);
        FIXTURE.start();
    }

    @Override
    protected LogFixture fixture() {
        return FIXTURE;
    }

    private static final class ContainerFixture implements LogFixture {

        private static final String RESTART = "the container would come back on another port";

        private final KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(Engine.KAFKA));

        void start() {
            kafka.start();
        }

        @Override
        public LogBackend open(String logName) {
            KafkaConfig config = KafkaConfig.of(kafka.getBootstrapServers())
                    .withTopicPrefix(logName)
                    .withReplication(1, 1)
                    .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(30));
            return KafkaLogBackend.open(config, (what, cause) -> {}, System::nanoTime);
        }

        @Override
        public void crash(LogBackend backend) {
            backend.close();
        }

        @Override
        public void restartBrokers() {
            System.out.println("skipped a restart of the brokers: " + RESTART);
            Assumptions.abort(RESTART);
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(30);
        }

        @Override
        public void close() {
            kafka.stop();
        }
    }
}

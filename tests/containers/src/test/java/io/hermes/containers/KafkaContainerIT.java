package io.hermes.containers;

import io.hermes.log.LogBackend;
import io.hermes.log.kafka.KafkaConfig;
import io.hermes.log.kafka.KafkaLogBackend;
import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The log's contract, on the image that users run. */
class KafkaContainerIT extends LogContract {

    private static final ContainerFixture FIXTURE = new ContainerFixture();

    @BeforeAll
    static void start() throws IOException {
        Engine.require(KafkaContainerIT.class, Engine.KAFKA);
        FIXTURE.start();
    }

    @Override
    protected LogFixture fixture() {
        return FIXTURE;
    }

    private static final class ContainerFixture implements LogFixture {

        private final KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(Engine.KAFKA));

        void start() throws IOException {
            // The port that clients know has to be the same after a restart.
            kafka.setPortBindings(List.of(freePort() + ":9092"));
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
            new Shell(Map.of()).run("docker restart -t 0 " + kafka.getContainerId(), Duration.ofSeconds(30));
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(30);
        }

        @Override
        public void close() {
            kafka.stop();
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return 10_000 + socket.getLocalPort() % 10_000;
            }
        }
    }
}

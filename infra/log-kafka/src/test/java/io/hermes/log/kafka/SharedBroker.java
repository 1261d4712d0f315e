package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import io.hermes.log.kafka.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One broker for all test classes of the module that do not harm it; each test takes topics of its own. */
final class SharedBroker {

    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static @Nullable EmbeddedKafka kafka;

    private SharedBroker() {}

    /** Small timeouts, one copy, topics that no other test uses. */
    static KafkaConfig config() {
        return KafkaConfig.of(bootstrap())
                .withTopicPrefix("test-" + PREFIXES.incrementAndGet())
                .withReplication(1, 1)
                .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    static KafkaLogBackend open(KafkaConfig config) {
        return open(config, (what, cause) -> {});
    }

    static KafkaLogBackend open(KafkaConfig config, FaultHandler faults) {
        return KafkaLogBackend.open(config, faults, System::nanoTime);
    }

    static synchronized String bootstrap() {
        if (kafka == null) {
            try {
                Path directory = Files.createTempDirectory("hermes-kafka");
                EmbeddedKafka started = EmbeddedKafka.start(directory, 1);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started, directory), "shared-broker-end-0"));
                kafka = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return kafka.bootstrap();
    }

    /** Kills the broker and starts it again on what it has on disk. */
    static synchronized void restart() {
        EmbeddedKafka broker = kafka;
        if (broker == null) {
            throw new IllegalStateException("no broker was started");
        }
        broker.kill(0);
        broker.restart(0);
        broker.awaitBrokers(1);
    }

    private static void end(EmbeddedKafka started, Path directory) {
        started.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

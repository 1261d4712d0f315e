package io.hermes.launcher;

import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.log.kafka.KafkaConfig;
import io.hermes.log.kafka.KafkaLogBackend;

/** Where a backend is chosen: the one place that knows all of them. */
final class Backends {

    private Backends() {}

    /**
     * Opens the configured backend.
     *
     * @param clientId how the brokers name this process
     * @throws ConfigException if a value is out of bounds
     * @throws io.hermes.log.LogException if the brokers cannot be reached, or hold a log with other settings
     */
    static LogBackend open(Configuration configuration, String clientId, FaultHandler faults) {
        String backend = configuration.get(Keys.LOG_BACKEND);
        return switch (backend) {
            case "kafka" -> KafkaLogBackend.open(kafka(configuration, clientId), faults, System::nanoTime);
            default -> throw new ConfigException("log.backend is '" + backend + "', wanted kafka");
        };
    }

    private static KafkaConfig kafka(Configuration configuration, String clientId) {
        return new KafkaConfig(
                String.join(",", configuration.get(Keys.KAFKA_BOOTSTRAP)),
                configuration.get(Keys.KAFKA_TOPIC_PREFIX),
                configuration.get(Keys.KAFKA_REPLICATION_FACTOR),
                configuration.get(Keys.KAFKA_MIN_ISR),
                configuration.get(Keys.KAFKA_REPLY_PARTITIONS),
                Math.toIntExact(configuration.get(Keys.LOG_RECORD_BYTES_MAX)),
                configuration.get(Keys.LOG_DELIVERY_TIMEOUT),
                configuration.get(Keys.LOG_START_TIMEOUT),
                clientId,
                configuration.below(Keys.KAFKA_CLIENT_PREFIX));
    }
}

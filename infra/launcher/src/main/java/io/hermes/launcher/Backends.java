package io.hermes.launcher;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplyBus;
import io.hermes.log.direct.DirectConfig;
import io.hermes.log.direct.DirectReplyBus;
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
        LogBackend opened =
                switch (backend) {
                    case "kafka" -> KafkaLogBackend.open(kafka(configuration, clientId), faults, System::nanoTime);
                    default -> throw new ConfigException("log.backend is '" + backend + "', wanted kafka");
                };
        return configuration.get(Keys.REPLIES_VIA).equals("direct")
                ? new WithDirectReplies(opened, new DirectReplyBus(direct(configuration), System::nanoTime))
                : opened;
    }

    private static DirectConfig direct(Configuration configuration) {
        return DirectConfig.of(
                configuration.get(Keys.REPLIES_HOST),
                configuration.get(Keys.REPLIES_LISTEN),
                configuration.get(Keys.REPLIES_PORT));
    }

    /** Log and board by the brokers, replies past them. */
    private record WithDirectReplies(LogBackend backend, ReplyBus replies) implements LogBackend {

        @Override
        public OrderedLog log() {
            return backend.log();
        }

        @Override
        public Bulletin bulletin() {
            return backend.bulletin();
        }

        @Override
        public void close() {
            replies.close();
            backend.close();
        }
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

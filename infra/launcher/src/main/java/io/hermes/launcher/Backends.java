package io.hermes.launcher;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import io.hermes.log.bookkeeper.BookKeeperConfig;
import io.hermes.log.bookkeeper.BookKeeperConfig.Rolling;
import io.hermes.log.bookkeeper.BookKeeperConfig.SequencerConfig;
import io.hermes.log.bookkeeper.BookKeeperLogBackend;
import io.hermes.log.direct.DirectConfig;
import io.hermes.log.direct.DirectReplyBus;
import io.hermes.log.kafka.KafkaConfig;
import io.hermes.log.kafka.KafkaLogBackend;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Where a backend is chosen: the one place that knows all of them. */
final class Backends {

    /** What one piece may hold besides the last request or answer in it: shorter ones that were gathered before, and what names them. */
    private static final int PIECE_BESIDES_BYTES = 1 << 20;
    /** Reads that waited for one barrier are asked at once, in many pieces. */
    private static final int READS_WAITING_BYTES_MAX = 16 << 20;

    private Backends() {}

    /**
     * Opens the configured backend.
     *
     * @param clientId how the brokers name this process
     * @param candidate whether this process may become the one that writes, where a backend allows only one
     * @throws ConfigException if a value is out of bounds
     * @throws io.hermes.log.LogException if the brokers cannot be reached, or hold a log with other settings
     */
    static LogBackend open(Configuration configuration, String clientId, boolean candidate, FaultHandler faults) {
        String backend = configuration.get(Keys.LOG_BACKEND);
        LogBackend opened =
                switch (backend) {
                    case "kafka" -> onKafka(configuration, clientId, faults);
                    case "bookkeeper" -> onBookKeeper(configuration, candidate, faults);
                    default -> throw new IllegalStateException("log.backend " + backend);
                };
        return new WithLink(opened, link(configuration, faults));
    }

    private static LogBackend onKafka(Configuration configuration, String clientId, FaultHandler faults) {
        LogBackend opened = KafkaLogBackend.open(kafka(configuration, clientId), faults, System::nanoTime);
        return configuration.get(Keys.REPLIES_VIA).equals("direct")
                ? new WithDirectReplies(opened, direct(configuration, faults))
                : opened;
    }

    /** Only replicas listen; an ingress has the link to ask them. */
    private static ReplicaLink link(Configuration configuration, FaultHandler faults) {
        return new ReplicaLink(new DirectReplyBus(
                DirectConfig.of(
                                "reads",
                                configuration.get(Keys.READS_HOST),
                                configuration.get(Keys.READS_LISTEN),
                                configuration.get(Keys.READS_PORT))
                        .withPiecesUpTo(pieceBytes(configuration))
                        .withWaitingUpTo(READS_WAITING_BYTES_MAX),
                faults,
                System::nanoTime));
    }

    private static LogBackend onBookKeeper(Configuration configuration, boolean candidate, FaultHandler faults) {
        if (configuration.get(Keys.REPLIES_VIA).equals("topic")) {
            throw new ConfigException(
                    "replies.via is 'topic', but log.backend bookkeeper has no topics: wanted direct");
        }
        BookKeeperConfig config = bookKeeper(configuration, candidate);
        configuration
                .below(Keys.ZOOKEEPER)
                .forEach((name, value) -> System.setProperty(Keys.ZOOKEEPER.prefix() + name, value));
        return BookKeeperLogBackend.open(
                config, direct(configuration, faults), faults, System::nanoTime, new SecureRandom());
    }

    private static ReplyBus direct(Configuration configuration, FaultHandler faults) {
        return new DirectReplyBus(
                DirectConfig.of(
                                configuration.get(Keys.REPLIES_HOST),
                                configuration.get(Keys.REPLIES_LISTEN),
                                configuration.get(Keys.REPLIES_PORT))
                        .withPiecesUpTo(pieceBytes(configuration)),
                faults,
                System::nanoTime);
    }

    /** No request and no answer is longer than a record. The same at both ends, if that is. */
    private static int pieceBytes(Configuration configuration) {
        return Math.toIntExact(configuration.get(Keys.LOG_RECORD_BYTES_MAX) + PIECE_BESIDES_BYTES);
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
        public @Nullable ReplicaLink link() {
            return backend.link();
        }

        @Override
        public void close() {
            replies.close();
            backend.close();
        }
    }

    /** Everything by the backend, and the way to the replicas beside it. */
    private record WithLink(LogBackend backend, ReplicaLink link) implements LogBackend {

        @Override
        public OrderedLog log() {
            return backend.log();
        }

        @Override
        public ReplyBus replies() {
            return backend.replies();
        }

        @Override
        public Bulletin bulletin() {
            return backend.bulletin();
        }

        @Override
        public void close() {
            link.close();
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
                configuration.below(Keys.KAFKA_CLIENT));
    }

    private static BookKeeperConfig bookKeeper(Configuration configuration, boolean candidate) {
        return new BookKeeperConfig(
                String.join(",", configuration.get(Keys.BOOKKEEPER_ZOOKEEPER)),
                configuration.get(Keys.BOOKKEEPER_ROOT),
                configuration.get(Keys.BOOKKEEPER_LEDGERS_PATH),
                configuration.get(Keys.BOOKKEEPER_WRITE_QUORUM),
                configuration.get(Keys.BOOKKEEPER_ACK_QUORUM),
                Math.toIntExact(configuration.get(Keys.LOG_RECORD_BYTES_MAX)),
                configuration.get(Keys.LOG_DELIVERY_TIMEOUT),
                configuration.get(Keys.LOG_START_TIMEOUT),
                new Rolling(
                        configuration.get(Keys.BOOKKEEPER_LEDGER_BYTES_MAX),
                        configuration.get(Keys.BOOKKEEPER_LEDGER_AGE_MAX)),
                new SequencerConfig(
                        candidate,
                        configuration.get(Keys.BOOKKEEPER_SEQUENCER_HOST),
                        configuration.get(Keys.BOOKKEEPER_SEQUENCER_LISTEN),
                        configuration.get(Keys.BOOKKEEPER_SEQUENCER_PORT),
                        configuration.get(Keys.BOOKKEEPER_TAKE_OVER_AFTER)),
                configuration.below(Keys.BOOKKEEPER_CLIENT));
    }
}

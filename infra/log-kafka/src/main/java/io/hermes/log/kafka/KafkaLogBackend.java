package io.hermes.log.kafka;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The three ports over Apache Kafka: one topic each for the log, the replies and the board. */
public final class KafkaLogBackend implements LogBackend {

    private final KafkaConnection connection;
    private final KafkaOrderedLog log;
    private final KafkaReplyBus replies;
    private final KafkaBulletin bulletin;

    KafkaLogBackend(KafkaConnection connection, KafkaOrderedLog log, KafkaReplyBus replies, KafkaBulletin bulletin) {
        this.connection = connection;
        this.log = log;
        this.replies = replies;
        this.bulletin = bulletin;
    }

    /**
     * Connects, makes the topics that are missing, checks those that exist, and returns when records can be appended.
     *
     * @param config where the brokers are, and what is asked of them
     * @param faults told once if the log's topic is deleted and made anew under way
     * @param nanoClock like {@link System#nanoTime}, for timeouts only
     * @return the running backend, to be closed by the caller
     * @throws LogUnavailableException if that does not succeed within the start timeout
     * @throws io.hermes.log.LogRefusedException if a topic exists with settings under which the promises would not hold
     */
    public static KafkaLogBackend open(KafkaConfig config, FaultHandler faults, LongSupplier nanoClock) {
        return KafkaConnection.open(config, faults, nanoClock);
    }

    @Override
    public OrderedLog log() {
        return log;
    }

    @Override
    public ReplyBus replies() {
        return replies;
    }

    @Override
    public Bulletin bulletin() {
        return bulletin;
    }

    /** None of its own: the launcher puts one beside. */
    @Override
    public @Nullable ReplicaLink link() {
        return null;
    }

    @Override
    public void close() {
        bulletin.close();
        replies.close();
        log.close();
        connection.close();
    }
}

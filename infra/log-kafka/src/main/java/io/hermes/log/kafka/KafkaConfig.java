package io.hermes.log.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How to reach the brokers, and what is asked of them.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param topicPrefix names the topics {@code PREFIX-log}, {@code PREFIX-replies} and {@code PREFIX-bulletin}
 * @param replicationFactor copies of each topic, at least
 * @param inSyncMin copies of the log that must hold a record before it counts as appended
 * @param replyPartitions of the replies' topic, if it has to be made
 * @param recordBytesMax the longest record that is appended
 * @param deliveryTimeout after which an append that has no answer ends as unknown; keep it below the request deadline
 * @param startTimeout how long to wait for the brokers at the start, and for the end offset of an inbox
 * @param clientId how the brokers name this process in their logs and metrics
 * @param clientProperties Kafka's own settings, such as TLS and SASL, for all clients; what our promises rest on cannot be
 *     changed here
 */
public record KafkaConfig(
        String bootstrapServers,
        String topicPrefix,
        int replicationFactor,
        int inSyncMin,
        int replyPartitions,
        int recordBytesMax,
        Duration deliveryTimeout,
        Duration startTimeout,
        String clientId,
        Map<String, String> clientProperties) {

    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{1,200}");
    private static final int RECORD_BYTES_MAX = 64 * 1024 * 1024;

    /**
     * Checks the values.
     *
     * @param bootstrapServers not empty
     * @param topicPrefix 1 to 200 of Kafka's legal characters
     * @param replicationFactor 1 to 100
     * @param inSyncMin 1 to the replication factor
     * @param replyPartitions 1 to 1000
     * @param recordBytesMax 1 to 64 MiB
     * @param deliveryTimeout 100 ms to an hour
     * @param startTimeout 1 ms to an hour
     * @param clientId not empty
     * @param clientProperties copied
     * @throws IllegalArgumentException naming the value out of bounds
     */
    public KafkaConfig {
        check(!bootstrapServers.isBlank(), "the bootstrap servers are empty");
        check(PREFIX.matcher(topicPrefix).matches(), "topic prefix '" + topicPrefix + "' does not match " + PREFIX);
        checkRange("replication factor", replicationFactor, 1, 100);
        checkRange("in-sync minimum", inSyncMin, 1, replicationFactor);
        checkRange("number of reply partitions", replyPartitions, 1, 1_000);
        checkRange("bytes of a record", recordBytesMax, 1, RECORD_BYTES_MAX);
        checkRange("delivery timeout in ms", deliveryTimeout.toMillis(), 100, 3_600_000);
        checkRange("start timeout in ms", startTimeout.toMillis(), 1, 3_600_000);
        check(!clientId.isBlank(), "the client id is empty");
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * The defaults: three copies of which two must be in sync, records up to 1 MiB, 8 s for an append, 30 s for the start.
     *
     * @param bootstrapServers {@code host:port}, several separated by commas
     * @return to be changed with the {@code with} methods
     */
    public static KafkaConfig of(String bootstrapServers) {
        return new KafkaConfig(
                bootstrapServers,
                "hermes",
                3,
                2,
                4,
                1024 * 1024,
                Duration.ofSeconds(8),
                Duration.ofSeconds(30),
                "hermes",
                Map.of());
    }

    /**
     * With other topics.
     *
     * @param value the new prefix
     * @return a changed copy
     */
    public KafkaConfig withTopicPrefix(String value) {
        return new KafkaConfig(
                bootstrapServers,
                value,
                replicationFactor,
                inSyncMin,
                replyPartitions,
                recordBytesMax,
                deliveryTimeout,
                startTimeout,
                clientId,
                clientProperties);
    }

    /**
     * With another degree of replication.
     *
     * @param copies the new replication factor
     * @param inSync the new in-sync minimum
     * @return a changed copy
     */
    public KafkaConfig withReplication(int copies, int inSync) {
        return new KafkaConfig(
                bootstrapServers,
                topicPrefix,
                copies,
                inSync,
                replyPartitions,
                recordBytesMax,
                deliveryTimeout,
                startTimeout,
                clientId,
                clientProperties);
    }

    /**
     * With another bound of records.
     *
     * @param value the longest record in bytes
     * @return a changed copy
     */
    public KafkaConfig withRecordBytesMax(int value) {
        return new KafkaConfig(
                bootstrapServers,
                topicPrefix,
                replicationFactor,
                inSyncMin,
                replyPartitions,
                value,
                deliveryTimeout,
                startTimeout,
                clientId,
                clientProperties);
    }

    /**
     * With other timeouts.
     *
     * @param delivery of one append
     * @param start of the backend
     * @return a changed copy
     */
    public KafkaConfig withTimeouts(Duration delivery, Duration start) {
        return new KafkaConfig(
                bootstrapServers,
                topicPrefix,
                replicationFactor,
                inSyncMin,
                replyPartitions,
                recordBytesMax,
                delivery,
                start,
                clientId,
                clientProperties);
    }

    /**
     * With other settings of Kafka's own.
     *
     * @param value in place of the present ones
     * @return a changed copy
     */
    public KafkaConfig withClientProperties(Map<String, String> value) {
        return new KafkaConfig(
                bootstrapServers,
                topicPrefix,
                replicationFactor,
                inSyncMin,
                replyPartitions,
                recordBytesMax,
                deliveryTimeout,
                startTimeout,
                clientId,
                value);
    }

    /** Tells of {@code clientProperties} the names alone: the values may be passwords. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=" + bootstrapServers + ", topicPrefix=" + topicPrefix + ", clientId="
                + clientId + ", clientProperties=" + new TreeSet<>(clientProperties.keySet()) + "]";
    }

    /** The log's topic. */
    String logTopic() {
        return topicPrefix + "-log";
    }

    /** The replies' topic. */
    String repliesTopic() {
        return topicPrefix + "-replies";
    }

    /** The board's topic. */
    String bulletinTopic() {
        return topicPrefix + "-bulletin";
    }

    private static void checkRange(String what, long value, long min, long max) {
        check(value >= min && value <= max, "the " + what + " is " + value + ", not between " + min + " and " + max);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

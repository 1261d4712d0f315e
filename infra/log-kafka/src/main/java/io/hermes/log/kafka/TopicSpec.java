package io.hermes.log.kafka;

import io.hermes.log.LogRefusedException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** How a topic of ours is made, and what one that exists must be like. */
record TopicSpec(String name, int partitions, int replicas, Map<String, String> settings, List<Check> checks) {

    static final String PARTITIONS = "partitions";
    static final String REPLICAS = "replication.factor";

    /** One thing that must hold of a topic that exists. */
    record Check(String setting, Predicate<String> holds, String wanted) {

        static Check is(String setting, String value) {
            return new Check(setting, value::equals, value);
        }

        static Check atLeast(String setting, long value) {
            return new Check(setting, found -> Long.parseLong(found) >= value, "at least " + value);
        }
    }

    static TopicSpec log(KafkaConfig config, int messageBytesMax) {
        Map<String, String> settings = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                "delete",
                TopicConfig.RETENTION_MS_CONFIG,
                "-1",
                TopicConfig.RETENTION_BYTES_CONFIG,
                "-1",
                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                "false",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                Integer.toString(config.inSyncMin()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(messageBytesMax),
                // By default a broker refuses records of a client whose clock is an hour fast.
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                Long.toString(Long.MAX_VALUE),
                // Trimming frees whole segments only.
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(256 * 1024 * 1024));
        List<Check> checks = List.of(
                Check.is(PARTITIONS, "1"),
                Check.atLeast(REPLICAS, config.replicationFactor()),
                Check.atLeast(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, config.inSyncMin()),
                Check.is(TopicConfig.CLEANUP_POLICY_CONFIG, "delete"),
                Check.is(TopicConfig.RETENTION_MS_CONFIG, "-1"),
                Check.is(TopicConfig.RETENTION_BYTES_CONFIG, "-1"),
                Check.is(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false"),
                Check.atLeast(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, messageBytesMax));
        return new TopicSpec(config.logTopic(), 1, config.replicationFactor(), settings, checks);
    }

    static TopicSpec replies(KafkaConfig config, int messageBytesMax) {
        Map<String, String> settings = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                "delete",
                TopicConfig.RETENTION_MS_CONFIG,
                "300000",
                TopicConfig.RETENTION_BYTES_CONFIG,
                Integer.toString(256 * 1024 * 1024),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(64 * 1024 * 1024),
                TopicConfig.SEGMENT_MS_CONFIG,
                "300000",
                // Replies may be lost: better one copy than none while brokers are away.
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                "1",
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                Long.toString(Long.MAX_VALUE),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(messageBytesMax));
        List<Check> checks = List.of(
                Check.atLeast(REPLICAS, config.replicationFactor()),
                Check.is(TopicConfig.CLEANUP_POLICY_CONFIG, "delete"),
                new Check(TopicConfig.RETENTION_MS_CONFIG, found -> !found.equals("-1"), "a bound"),
                Check.atLeast(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, messageBytesMax));
        return new TopicSpec(
                config.repliesTopic(), config.replyPartitions(), config.replicationFactor(), settings, checks);
    }

    static TopicSpec bulletin(KafkaConfig config) {
        Map<String, String> settings = Map.of(
                // Compacted, so that a new watcher learns every key; deleted after a day, since keys of the dead add
                // up.
                TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete",
                TopicConfig.RETENTION_MS_CONFIG, "86400000",
                TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(4 * 1024 * 1024),
                TopicConfig.SEGMENT_MS_CONFIG, "600000",
                TopicConfig.DELETE_RETENTION_MS_CONFIG, "60000",
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1",
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        List<Check> checks = List.of(
                Check.is(PARTITIONS, "1"),
                Check.atLeast(REPLICAS, config.replicationFactor()),
                new Check(TopicConfig.CLEANUP_POLICY_CONFIG, found -> found.contains("compact"), "compact"));
        return new TopicSpec(config.bulletinTopic(), 1, config.replicationFactor(), settings, checks);
    }

    NewTopic creation() {
        return new NewTopic(name, partitions, (short) replicas).configs(settings);
    }

    /** Refuses a topic that is not as it must be; a setting that the brokers do not tell is as it must not be. */
    void check(Map<String, String> found) {
        for (Check check : checks) {
            String value = found.getOrDefault(check.setting(), "");
            if (value.isEmpty() || !check.holds().test(value)) {
                throw new LogRefusedException(
                        "topic " + name + ": " + check.setting() + " is " + value + ", wanted is " + check.wanted()
                                + "; change the topic, or configure another topic prefix",
                        null);
            }
        }
    }
}

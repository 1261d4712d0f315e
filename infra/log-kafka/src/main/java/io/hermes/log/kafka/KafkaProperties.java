package io.hermes.log.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of our Kafka clients: first what may be tuned, then the user's, then what our promises rest on. */
final class KafkaProperties {

    /** Room for a key, a batch's header and a record's own, with much to spare. */
    static final int OVERHEAD_BYTES = 64 * 1024;

    private static final int IN_FLIGHT_MAX = 5;
    /** With more, a busy ingress sends many small batches, each of which costs everybody a wake-up (ADR 0018). */
    private static final int IN_FLIGHT = 2;

    private static final int BATCH_BYTES = 256 * 1024;
    /**
     * Less than any request and more than one barrier, each alone in its batch (a batch's header has 61 bytes): a barrier is delivered with what
     * follows it, or after a moment.
     */
    private static final int WORTH_A_WAKE_UP_BYTES = 200;

    private static final int SMALL_RECORD_WAIT_MS = 50;
    private static final String NO_COMPRESSION = "none";
    private static final int LOSABLE_TIMEOUT_MAX_MS = 5_000;

    private final KafkaConfig config;

    KafkaProperties(KafkaConfig config) {
        this.config = config;
    }

    /** What the topics must let through. */
    int messageBytesMax() {
        return config.recordBytesMax() + OVERHEAD_BYTES;
    }

    Map<String, Object> admin() {
        Map<String, Object> properties = common("admin");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        properties.putAll(config.clientProperties());
        return properties;
    }

    /** For the log's records. */
    Map<String, Object> appending() {
        return producer("log", Math.toIntExact(config.deliveryTimeout().toMillis()), 32 * 1024 * 1024);
    }

    /** For replies and notices, which are not worth much waiting. */
    Map<String, Object> losable() {
        int timeoutMs = Math.toIntExact(Math.min(config.deliveryTimeout().toMillis(), LOSABLE_TIMEOUT_MAX_MS));
        return producer("losable", timeoutMs, 16 * 1024 * 1024);
    }

    /** For replies and notices, each of which is delivered at once. */
    Map<String, Object> consumer(String role) {
        return consumer(role, Map.of());
    }

    /** For the log's records: what is too small to be a request waits a moment for company. Compressed, a request may be that small. */
    Map<String, Object> reading(String role) {
        String compression =
                config.clientProperties().getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, NO_COMPRESSION);
        if (!compression.equals(NO_COMPRESSION)) {
            return consumer(role);
        }
        return consumer(
                role,
                Map.of(
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        WORTH_A_WAKE_UP_BYTES,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        SMALL_RECORD_WAIT_MS));
    }

    private Map<String, Object> consumer(String role, Map<String, Object> fetching) {
        Map<String, Object> properties = common(role);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // A paused broker answers nothing and closes nothing: give up on it well before the default of 30 s.
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        properties.putAll(config.clientProperties());
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.putAll(fetching);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    private Map<String, Object> producer(String role, int deliveryTimeoutMs, int bufferBytes) {
        Map<String, Object> properties = common(role);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(bufferBytes, 4 * messageBytesMax()));
        // The 4.x default is 5 ms, which each request of a single client would pay.
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, NO_COMPRESSION);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, IN_FLIGHT);
        properties.putAll(config.clientProperties());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryTimeoutMs);
        // Leaves time for a second attempt, at another leader.
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(deliveryTimeoutMs / 2, 5_000));
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, messageBytesMax());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        properties.computeIfPresent(
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, (name, wanted) -> atMostIdempotent(wanted));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }

    /** Beyond it the broker no longer tells repeats from new batches. */
    private static Object atMostIdempotent(Object wanted) {
        try {
            return Math.min(IN_FLIGHT_MAX, Integer.parseInt(wanted.toString()));
        } catch (NumberFormatException e) {
            return wanted;
        }
    }

    private Map<String, Object> common(String role) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.clientId() + "-" + role);
        properties.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 30_000);
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 50);
        properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 2_000);
        properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 5_000);
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return properties;
    }
}

package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import io.hermes.log.LogLostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Which log this is, and whether the topic of that name still is it. Kafka's clients go over to a topic that was deleted
 * and made anew without a word, so somebody has to ask now and then.
 */
final class KafkaIdentity {

    private final TopicPartition partition;
    private final String clusterId;
    private final Uuid topicId;
    private final FaultHandler faults;
    // Atomic: set once by a thread of the admin client, read by all readers and writers.
    private final AtomicReference<@Nullable String> loss = new AtomicReference<>();

    KafkaIdentity(TopicPartition partition, String clusterId, Uuid topicId, FaultHandler faults) {
        this.partition = partition;
        this.clusterId = clusterId;
        this.topicId = topicId;
        this.faults = faults;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Why this log is no more; null while it is. */
    @Nullable
    String loss() {
        return loss.get();
    }

    /** Asks the brokers, without waiting. */
    @SuppressWarnings("FutureReturnValueIgnored") // the next round makes up for a failure
    void verify(Admin admin) {
        String topic = partition.topic();
        KafkaFuture<TopicDescription> described =
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
        if (described != null) {
            described.whenComplete((description, failure) -> {
                if (failure == null && description != null) {
                    onTopicId(description.topicId());
                } // A missing topic may be a broker that knows little yet: nothing is served, so nothing is wrong.
            });
        }
    }

    void onTopicId(Uuid found) {
        if (found.equals(topicId)) {
            return;
        }
        String what =
                "topic " + partition.topic() + " was deleted and made anew: its id was " + topicId + ", is " + found;
        if (loss.compareAndSet(null, what)) {
            faults.onFatal(what, new LogLostException(what, null));
        }
    }

    @Override
    public String toString() {
        return "kafka:" + clusterId + "/" + topicId;
    }
}

package io.hermes.log.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics that are missing and checks all of them; one attempt, to be repeated by the caller. */
final class KafkaTopics {

    private final Admin admin;
    private final KafkaDeadline deadline;

    KafkaTopics(Admin admin, KafkaDeadline deadline) {
        this.admin = admin;
        this.deadline = deadline;
    }

    /** Returns the topics as they are, by name. Those that exist are checked before any other is made. */
    Map<String, TopicDescription> prepared(List<TopicSpec> specs)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<TopicSpec> missing = new ArrayList<>();
        for (TopicSpec spec : specs) {
            if (!exists(spec)) {
                missing.add(spec);
            }
        }
        List<TopicSpec> existing = new ArrayList<>(specs);
        existing.removeAll(missing);
        if (!missing.isEmpty() && !existing.isEmpty()) {
            checked(existing);
        }
        for (TopicSpec spec : missing) {
            create(spec);
        }
        return checked(specs);
    }

    private Map<String, TopicDescription> checked(List<TopicSpec> specs)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> names = specs.stream().map(TopicSpec::name).toList();
        Map<String, TopicDescription> topics =
                deadline.await(admin.describeTopics(names).allTopicNames());
        Map<ConfigResource, Config> configs = deadline.await(
                admin.describeConfigs(names.stream().map(KafkaTopics::resource).toList())
                        .all());
        for (TopicSpec spec : specs) {
            TopicDescription topic = topics.get(spec.name());
            Config config = configs.get(resource(spec.name()));
            if (topic == null || config == null) {
                throw new ExecutionException(new UnknownTopicOrPartitionException(spec.name() + " is not known yet"));
            }
            spec.check(found(topic, config));
        }
        return topics;
    }

    private boolean exists(TopicSpec spec) throws ExecutionException, InterruptedException, TimeoutException {
        KafkaFuture<TopicDescription> described =
                admin.describeTopics(List.of(spec.name())).topicNameValues().get(spec.name());
        try {
            return described != null && deadline.await(described) != null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private void create(TopicSpec spec) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            deadline.await(admin.createTopics(List.of(spec.creation())).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            } // Another process of ours was faster.
        }
    }

    private static Map<String, String> found(TopicDescription topic, Config config) {
        Map<String, String> found = new HashMap<>();
        config.entries().stream()
                .filter(entry -> entry.value() != null)
                .forEach(entry -> found.put(entry.name(), entry.value()));
        int replicas = topic.partitions().stream()
                .collect(Collectors.summarizingInt(
                        partition -> partition.replicas().size()))
                .getMin();
        found.put(TopicSpec.PARTITIONS, Integer.toString(topic.partitions().size()));
        found.put(TopicSpec.REPLICAS, Integer.toString(replicas));
        return found;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}

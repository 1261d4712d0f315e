package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import io.hermes.log.LogUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** What the three ports share: the admin client, the writers and their upkeep; and the way to a running backend. */
final class KafkaConnection implements AutoCloseable {

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
    private static final long RETRY_MILLIS = 100;
    /** Chosen by measurement: docs/adr/0019. */
    private static final Duration GATHERED = Duration.ofNanos(1_500_000);

    private final Admin admin;
    private final KafkaWriter appending;
    private final KafkaWriter losing;
    private final KafkaUpkeepLoop upkeep;

    private KafkaConnection(Admin admin, KafkaWriter appending, KafkaWriter losing, KafkaUpkeepLoop upkeep) {
        this.admin = admin;
        this.appending = appending;
        this.losing = losing;
        this.upkeep = upkeep;
    }

    static KafkaLogBackend open(KafkaConfig config, FaultHandler faults, LongSupplier nanoClock) {
        KafkaDeadline deadline = KafkaDeadline.after(config.startTimeout(), nanoClock);
        KafkaProperties properties = new KafkaProperties(config);
        Admin admin = retried(config, deadline, "no Kafka broker answers", () -> connected(properties, deadline));
        try {
            int bytesMax = properties.messageBytesMax();
            List<TopicSpec> specs = List.of(
                    TopicSpec.log(config, bytesMax), TopicSpec.replies(config, bytesMax), TopicSpec.bulletin(config));
            KafkaTopics topics = new KafkaTopics(admin, deadline);
            Map<String, TopicDescription> found =
                    retried(config, deadline, "the topics are not ready", () -> topics.prepared(specs));
            String clusterId = retried(
                    config,
                    deadline,
                    "no Kafka broker answers",
                    () -> deadline.await(admin.describeCluster().clusterId()));
            KafkaIdentity identity = new KafkaIdentity(
                    new TopicPartition(config.logTopic(), 0), clusterId, topicId(found, config.logTopic()), faults);
            int replyPartitions = partitions(found, config.repliesTopic());
            return assembled(config, properties, admin, identity, replyPartitions, deadline, faults);
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    private static KafkaLogBackend assembled(
            KafkaConfig config,
            KafkaProperties properties,
            Admin admin,
            KafkaIdentity identity,
            int replyPartitions,
            KafkaDeadline deadline,
            FaultHandler faults) {
        KafkaWriter appending =
                new KafkaWriter(List.of(config.logTopic()), () -> new KafkaProducer<>(properties.appending()));
        KafkaWriter losing = new KafkaWriter(
                List.of(config.repliesTopic(), config.bulletinTopic()),
                () -> new KafkaProducer<>(properties.losable()));
        KafkaLosable losable = new KafkaLosable(losing);
        KafkaUpkeepLoop upkeep = new KafkaUpkeepLoop(
                List.of(
                        new KafkaUpkeepLoop.Task(appending::upkeep, 250),
                        new KafkaUpkeepLoop.Task(losing::upkeep, 250),
                        new KafkaUpkeepLoop.Task(() -> identity.verify(admin), 1_000),
                        new KafkaUpkeepLoop.Task(losable::report, 5_000)),
                faults);
        KafkaConnection connection = new KafkaConnection(admin, appending, losing, upkeep);
        try {
            connection.start(config, deadline);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
        KafkaGatherer gatherer = new KafkaGatherer(appending, GATHERED, deadline.nanoClock(), faults);
        gatherer.start();
        return new KafkaLogBackend(
                connection,
                new KafkaOrderedLog(
                        identity, gatherer, admin, properties, config.recordBytesMax(), deadline.nanoClock()),
                new KafkaReplyBus(
                        config.repliesTopic(), replyPartitions, losable, properties, config.startTimeout(), faults),
                new KafkaBulletin(config.bulletinTopic(), losable, properties, faults));
    }

    @Override
    public void close() {
        upkeep.close();
        appending.close(CLOSE_MAX);
        losing.close(CLOSE_MAX);
        admin.close(CLOSE_MAX);
    }

    /** Returns when the writers know their topics, so that the very first append is not rejected. */
    private void start(KafkaConfig config, KafkaDeadline deadline) {
        appending.start();
        losing.start();
        retried(config, deadline, "the topics have no leader", () -> {
            boolean appendingIsWarm = appending.upkeep();
            if (!losing.upkeep() || !appendingIsWarm) {
                throw new TimeoutException("their metadata did not come");
            }
            return true;
        });
        upkeep.start();
    }

    private static Admin connected(KafkaProperties properties, KafkaDeadline deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        Admin admin = Admin.create(properties.admin());
        try {
            deadline.await(admin.describeCluster().clusterId());
            return admin;
        } catch (ExecutionException | InterruptedException | TimeoutException | RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    private static Uuid topicId(Map<String, TopicDescription> topics, String name) {
        TopicDescription topic = topics.get(name);
        return topic == null ? Uuid.ZERO_UUID : topic.topicId();
    }

    private static int partitions(Map<String, TopicDescription> topics, String name) {
        TopicDescription topic = topics.get(name);
        return topic == null ? 1 : topic.partitions().size();
    }

    /** One attempt at something that fails while brokers start. */
    private interface Step<T> {
        T attempt() throws ExecutionException, InterruptedException, TimeoutException;
    }

    private static <T> T retried(KafkaConfig config, KafkaDeadline deadline, String failing, Step<T> step) {
        // An attempt that our own deadline cuts off must not hide what an earlier one was told.
        Throwable last = new TimeoutException();
        try {
            do {
                try {
                    return step.attempt();
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    last = e instanceof TimeoutException ? last : KafkaFailures.root(e);
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } while (!isHopeless(last) && !deadline.isOver());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last = e;
        }
        throw new LogUnavailableException(
                failing + " at " + config.bootstrapServers() + " within "
                        + config.startTimeout().toSeconds() + " s: " + KafkaFailures.text(last),
                last);
    }

    private static boolean isHopeless(Throwable failure) {
        return failure instanceof AuthorizationException
                || (failure instanceof AuthenticationException && !(failure instanceof RetriableException));
    }
}

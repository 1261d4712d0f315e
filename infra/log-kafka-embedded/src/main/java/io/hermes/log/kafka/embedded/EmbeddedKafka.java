package io.hermes.log.kafka.embedded;

import io.hermes.log.embedded.BrokerProcess;
import io.hermes.log.embedded.LoopbackPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;

/**
 * Real brokers for tests: child processes of this one, which can be killed, paused and started again one by one. They end
 * when this is closed, and at the latest when this process ends, however it does. Not safe for use by several threads.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Duration READY_MAX = Duration.ofSeconds(90);

    private final LoopbackPorts ports;
    private final KafkaCluster cluster;
    private final List<BrokerProcess> processes;
    private final Thread hook;

    private EmbeddedKafka(LoopbackPorts ports, KafkaCluster cluster, List<BrokerProcess> processes) {
        this.ports = ports;
        this.cluster = cluster;
        this.processes = processes;
        this.hook = new Thread(() -> processes.forEach(BrokerProcess::kill), "embedded-kafka-shutdown-0");
    }

    /**
     * Starts brokers on free ports and waits until all of them answer.
     *
     * @param directory for their data; a directory used before continues
     * @param brokers how many, 1 to 9
     * @return running brokers
     */
    public static EmbeddedKafka start(Path directory, int brokers) {
        return start(directory, brokers, Map.of());
    }

    /**
     * Starts brokers on free ports, with settings of the caller's, and waits until all of them answer.
     *
     * @param directory for their data; a directory used before continues
     * @param brokers how many, 1 to 9
     * @param settings Kafka's own, over ours
     * @return running brokers
     */
    public static EmbeddedKafka start(Path directory, int brokers, Map<String, String> settings) {
        LoopbackPorts ports = new LoopbackPorts();
        KafkaCluster cluster = KafkaCluster.plan(directory, brokers, ports);
        List<String> jvmOptions = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");
        List<String> arguments = new ArrayList<>();
        arguments.add("--end-with-stdin");
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        List<BrokerProcess> processes = cluster.brokers().stream()
                .map(plan -> plan.withJvmOptions(jvmOptions).withArguments(arguments))
                .map(BrokerProcess::new)
                .toList();
        EmbeddedKafka kafka = new EmbeddedKafka(ports, cluster, processes);
        Runtime.getRuntime().addShutdownHook(kafka.hook);
        try {
            processes.forEach(BrokerProcess::start);
            kafka.awaitBrokers(brokers);
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /**
     * Where clients begin.
     *
     * @return {@code host:port} of every broker, separated by commas
     */
    public String bootstrap() {
        return cluster.bootstrap();
    }

    /**
     * A running broker's process id.
     *
     * @param id the broker's
     * @return the system's number
     */
    public long pid(int id) {
        return processes.get(id).pid();
    }

    /**
     * Ends a broker without any warning (SIGKILL).
     *
     * @param id the broker's
     */
    public void kill(int id) {
        processes.get(id).kill();
    }

    /**
     * Ends a broker in order (SIGTERM).
     *
     * @param id the broker's
     */
    public void stop(int id) {
        processes.get(id).stop();
    }

    /**
     * Starts a broker again, on its data and its port. It answers some seconds later: see {@link #awaitBrokers}.
     *
     * @param id the broker's
     */
    public void restart(int id) {
        processes.get(id).start();
    }

    /**
     * Freezes a broker: its connections stay open and nobody answers (SIGSTOP).
     *
     * @param id the broker's
     */
    public void pause(int id) {
        processes.get(id).signal("STOP");
    }

    /**
     * Lets a paused broker go on (SIGCONT).
     *
     * @param id the broker's
     */
    public void resume(int id) {
        processes.get(id).signal("CONT");
    }

    /**
     * Who leads a partition now.
     *
     * @param topic exists
     * @param partition counted from 0
     * @return the broker's id; -1 if nobody leads
     */
    public int leaderOf(String topic, int partition) {
        try (Admin admin = admin()) {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(20, TimeUnit.SECONDS)
                    .getOrDefault(topic, new TopicDescription(topic, false, List.of()));
            Node leader = description.partitions().get(partition).leader();
            return leader == null ? -1 : leader.id();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no leader of " + topic + "-" + partition + " known", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Waits until as many brokers take part in the cluster.
     *
     * @param brokers how many
     * @throws IllegalStateException after 90 seconds, with what the brokers said
     */
    public void awaitBrokers(int brokers) {
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        try (Admin admin = admin()) {
            while (brokersIn(admin) < brokers) {
                if (System.nanoTime() > deadlineNanos || processes.stream().noneMatch(BrokerProcess::isAlive)) {
                    throw new IllegalStateException("no " + brokers + " Kafka brokers at " + bootstrap() + " in time: "
                            + processes.stream().map(BrokerProcess::lastOutput).toList());
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends all brokers, within 20 seconds; their data stays. Idempotent. */
    @Override
    public void close() {
        // A paused process does not hear SIGTERM, and data on disk is the caller's to delete: no need for politeness.
        processes.forEach(BrokerProcess::kill);
        ports.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook does the same.
        }
    }

    private static int brokersIn(Admin admin) throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size();
        } catch (ExecutionException | TimeoutException e) {
            return 0;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "200"));
    }
}

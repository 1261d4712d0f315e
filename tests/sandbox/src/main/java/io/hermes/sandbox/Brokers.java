package io.hermes.sandbox;

import io.hermes.log.bookkeeper.embedded.BookKeeperCluster;
import io.hermes.log.embedded.BrokerPlan;
import io.hermes.log.embedded.ChildClassPath;
import io.hermes.log.kafka.embedded.KafkaCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * The brokers of a sandbox, whichever they are.
 *
 * @param description for people
 * @param processes in the order of their start
 * @param ports that must listen before the roles start
 * @param configuration that the roles need to find them
 */
record Brokers(String description, List<ChildPlan> processes, List<Integer> ports, Map<String, Object> configuration) {

    private static final int RELIABLE_COPIES = 3;
    private static final int BOOKIES_MIN = 3;
    private static final List<String> CHILD = List.of("--end-with-stdin");

    Brokers {
        processes = List.copyOf(processes);
        ports = List.copyOf(ports);
        configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
    }

    static Brokers ofKafka(SandboxConfig config, IntSupplier freePort, Path java) {
        KafkaCluster cluster;
        try {
            cluster = KafkaCluster.plan(config.directory(), config.brokers(), freePort);
        } catch (IllegalArgumentException e) {
            throw new SandboxException(1, String.valueOf(e.getMessage()));
        }
        int copies = Math.min(RELIABLE_COPIES, config.brokers());
        return new Brokers(
                Sandbox.count(config.brokers(), "broker"),
                cluster.brokers().stream()
                        .map(broker -> child("broker-" + broker.id(), broker, java, ChildClassPath.whole()))
                        .toList(),
                cluster.brokers().stream().map(BrokerPlan::port).toList(),
                Map.of(
                        "log.backend",
                        "kafka",
                        "kafka.bootstrap",
                        List.of(cluster.bootstrap().split(",", -1)),
                        "kafka.replication-factor",
                        copies,
                        "kafka.min-in-sync-replicas",
                        Math.min(2, copies)));
    }

    static Brokers ofBookKeeper(SandboxConfig config, IntSupplier freePort, Path java) {
        BookKeeperCluster cluster =
                BookKeeperCluster.plan(config.directory(), Math.max(BOOKIES_MIN, config.brokers()), freePort);
        String classPath = ChildClassPath.withoutLog4j();
        List<ChildPlan> processes = new ArrayList<>();
        processes.add(child("zookeeper", cluster.zooKeeper(), java, classPath));
        List<Integer> ports = new ArrayList<>();
        ports.add(cluster.zooKeeper().port());
        for (BrokerPlan bookie : cluster.bookies()) {
            processes.add(child("broker-" + bookie.id(), bookie, java, classPath));
            ports.add(bookie.port());
        }
        return new Brokers(
                "ZooKeeper, " + cluster.bookies().size() + " bookies",
                processes,
                ports,
                Map.of("log.backend", "bookkeeper", "bookkeeper.zookeeper", List.of(cluster.connect())));
    }

    private static ChildPlan child(String name, BrokerPlan plan, Path java, String classPath) {
        return new ChildPlan(name, plan.directory(), plan.withArguments(CHILD).command(java, classPath));
    }
}

package io.hermes.log.kafka.embedded;

import io.hermes.log.embedded.BrokerPlan;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * The plan of a cluster of brokers below one directory. Planning again on the same directory gives the same cluster, with
 * its data, on new ports.
 *
 * @param clusterId what Kafka names the cluster by
 * @param brokers one plan each, by id
 */
public record KafkaCluster(String clusterId, List<BrokerPlan> brokers) {

    private static final String FILE = "kafka-cluster.properties";

    /**
     * Copies the list.
     *
     * @param clusterId kept
     * @param brokers copied
     */
    public KafkaCluster {
        brokers = List.copyOf(brokers);
    }

    /**
     * Plans the cluster, and notes in the directory what must stay the same at later starts.
     *
     * @param directory made if missing; broker N gets {@code broker-N} in it
     * @param brokers how many, 1 to 9; the same as at the first time
     * @param freePort gives a free port of 127.0.0.1 at each call; called twice for each broker
     * @return the plan; no process is started
     * @throws IllegalArgumentException if the directory holds a cluster of another size
     */
    public static KafkaCluster plan(Path directory, int brokers, IntSupplier freePort) {
        if (brokers < 1 || brokers > 9) {
            throw new IllegalArgumentException("a local cluster has 1 to 9 brokers, not " + brokers);
        }
        Path root = directory.toAbsolutePath().normalize();
        String clusterId = rememberedId(root, brokers);
        List<Integer> clientPorts = new ArrayList<>();
        List<String> voters = new ArrayList<>();
        for (int id = 0; id < brokers; id++) {
            clientPorts.add(freePort.getAsInt());
            voters.add(id + "@127.0.0.1:" + freePort.getAsInt());
        }
        List<BrokerPlan> plans = new ArrayList<>();
        for (int id = 0; id < brokers; id++) {
            plans.add(broker(root.resolve("broker-" + id), id, clientPorts.get(id), voters, clusterId));
        }
        return new KafkaCluster(clusterId, plans);
    }

    /**
     * Where clients begin.
     *
     * @return {@code host:port} of every broker, separated by commas
     */
    public String bootstrap() {
        return brokers.stream().map(broker -> "127.0.0.1:" + broker.port()).collect(Collectors.joining(","));
    }

    private static BrokerPlan broker(Path directory, int id, int port, List<String> voters, String clusterId) {
        List<String> jvmOptions = List.of(
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Dlogback.configurationFile=hermes-broker-logback.xml");
        List<String> arguments = List.of(
                "--node-id", Integer.toString(id),
                "--directory", directory.toString(),
                "--port", Integer.toString(port),
                "--voters", String.join(",", voters),
                "--cluster-id", clusterId);
        return new BrokerPlan(id, directory, port, jvmOptions, KafkaBrokerMain.class.getName(), arguments);
    }

    private static String rememberedId(Path root, int brokers) {
        Path file = root.resolve(FILE);
        Properties notes = new Properties();
        try {
            if (Files.exists(file)) {
                try (Reader reader = Files.newBufferedReader(file)) {
                    notes.load(reader);
                }
            } else {
                Files.createDirectories(root);
                notes.setProperty("cluster.id", Uuid.randomUuid().toString());
                notes.setProperty("brokers", Integer.toString(brokers));
                try (Writer writer = Files.newBufferedWriter(file)) {
                    notes.store(writer, "The Kafka cluster in this directory");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the Kafka cluster in " + root + " cannot be noted", e);
        }
        String noted = notes.getProperty("brokers", "");
        if (!noted.equals(Integer.toString(brokers))) {
            throw new IllegalArgumentException(root + " holds a Kafka cluster of " + noted + " brokers, not " + brokers
                    + ": use that number, or another directory");
        }
        return notes.getProperty("cluster.id", "");
    }
}

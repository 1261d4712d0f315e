package io.hermes.log.bookkeeper.embedded;

import io.hermes.log.embedded.BrokerPlan;
import io.hermes.log.embedded.BrokerProcess;
import io.hermes.log.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.bookkeeper.client.BKException;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.apache.bookkeeper.net.BookieId;

/**
 * Real bookies and a real ZooKeeper server for tests: child processes of this one, which can be killed, paused and started
 * again one by one. They end when this is closed, and at the latest when this process ends, however it does. Not safe for
 * use by several threads.
 */
public final class EmbeddedBookKeeper implements AutoCloseable {

    private static final Duration READY_MAX = Duration.ofSeconds(90);
    /** For tests: a client compiler is enough, and frees the machine for what is tested. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1");

    private final LoopbackPorts ports;
    private final BookKeeperCluster cluster;
    private final BrokerProcess zooKeeper;
    private final List<BrokerProcess> bookies;
    private final Thread hook;

    private EmbeddedBookKeeper(
            LoopbackPorts ports, BookKeeperCluster cluster, BrokerProcess zooKeeper, List<BrokerProcess> bookies) {
        this.ports = ports;
        this.cluster = cluster;
        this.zooKeeper = zooKeeper;
        this.bookies = bookies;
        this.hook = new Thread(
                () -> processes(bookies, zooKeeper).forEach(BrokerProcess::kill), "embedded-bookkeeper-shutdown-0");
    }

    /**
     * Starts all processes on free ports and waits until every bookie has registered.
     *
     * @param directory for their data; a directory used before continues
     * @param bookies how many, 1 to 9
     * @return running processes
     */
    public static EmbeddedBookKeeper start(Path directory, int bookies) {
        LoopbackPorts ports = new LoopbackPorts();
        BookKeeperCluster cluster = BookKeeperCluster.plan(directory, bookies, ports);
        List<String> arguments = List.of("--end-with-stdin");
        BrokerProcess zooKeeper = new BrokerProcess(
                cluster.zooKeeper().withJvmOptions(JVM_OPTIONS).withArguments(arguments));
        List<BrokerProcess> processes = cluster.bookies().stream()
                .map(plan -> new BrokerProcess(plan.withJvmOptions(JVM_OPTIONS).withArguments(arguments)))
                .toList();
        EmbeddedBookKeeper started = new EmbeddedBookKeeper(ports, cluster, zooKeeper, processes);
        Runtime.getRuntime().addShutdownHook(started.hook);
        try {
            zooKeeper.start();
            processes.forEach(BrokerProcess::start);
            started.awaitBookies(bookies);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /**
     * Where clients begin.
     *
     * @return {@code host:port} of the ZooKeeper server
     */
    public String connect() {
        return cluster.connect();
    }

    /**
     * The ZooKeeper server, to be killed and started again.
     *
     * @return the process
     */
    public BrokerProcess zooKeeper() {
        return zooKeeper;
    }

    /**
     * One bookie, to be killed and started again.
     *
     * @param id counted from 0
     * @return the process
     */
    public BrokerProcess bookie(int id) {
        return bookies.get(id);
    }

    /**
     * Removes all that a bookie holds, as if it had got a new disk.
     *
     * @param id of a bookie that does not run
     */
    public void wipe(int id) {
        if (bookies.get(id).isAlive()) {
            throw new IllegalStateException("bookie " + id + " runs");
        }
        Path data = cluster.bookies().get(id).directory().resolve("data");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot wipe " + data, e);
        }
    }

    /**
     * Waits until as many bookies have registered.
     *
     * @param count how many
     * @throws IllegalStateException after 90 seconds, with what the processes said
     */
    public void awaitBookies(int count) {
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        while (registered() < count) {
            if (System.nanoTime() > deadlineNanos || !zooKeeper.isAlive()) {
                throw new IllegalStateException("no " + count + " bookies at " + connect() + " in time: "
                        + processes(bookies, zooKeeper)
                                .map(BrokerProcess::lastOutput)
                                .toList());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /** Ends all processes, within 20 seconds; their data stays. Idempotent. */
    @Override
    public void close() {
        // A paused process does not hear SIGTERM, and data on disk is the caller's to delete: no need for politeness.
        processes(bookies, zooKeeper).forEach(BrokerProcess::kill);
        ports.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook does the same.
        }
    }

    private int registered() {
        ClientConfiguration configuration = new ClientConfiguration();
        configuration.setMetadataServiceUri(BookKeeperCluster.metadataServiceUri(connect()));
        configuration.setZkTimeout(4_000);
        try {
            BookKeeperAdmin admin = new BookKeeperAdmin(configuration);
            try {
                return Math.toIntExact(cluster.bookies().stream()
                        .filter(bookie -> isRegistered(admin, bookie))
                        .count());
            } finally {
                admin.close();
            }
        } catch (IOException | BKException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A bookie that was killed stays registered for some seconds, at the port that it had. */
    private static boolean isRegistered(BookKeeperAdmin admin, BrokerPlan plan) {
        try {
            return admin.getBookieServiceInfo(BookieId.parse("bookie-" + plan.id())).getEndpoints().stream()
                    .anyMatch(endpoint -> endpoint.getPort() == plan.port());
        } catch (BKException e) {
            return false;
        }
    }

    private static Stream<BrokerProcess> processes(List<BrokerProcess> bookies, BrokerProcess zooKeeper) {
        return Stream.concat(bookies.stream(), Stream.of(zooKeeper));
    }
}

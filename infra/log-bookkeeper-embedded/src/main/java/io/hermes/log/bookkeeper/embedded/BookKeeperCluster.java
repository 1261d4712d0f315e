package io.hermes.log.bookkeeper.embedded;

import io.hermes.log.embedded.BrokerPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The plan of one ZooKeeper server and some bookies below one directory. Planning again on the same directory gives the same
 * cluster, with its data, on new ports.
 *
 * @param zooKeeper the server
 * @param bookies one plan each, by number
 */
public record BookKeeperCluster(BrokerPlan zooKeeper, List<BrokerPlan> bookies) {

    private static final int BOOKIES_MAX = 9;

    /**
     * Copies the list.
     *
     * @param zooKeeper kept
     * @param bookies copied
     */
    public BookKeeperCluster {
        bookies = List.copyOf(bookies);
    }

    /**
     * Plans the cluster. More bookies than at an earlier time are welcome; fewer must still hold a copy of everything.
     *
     * @param directory ZooKeeper gets {@code zookeeper} in it, bookie N {@code broker-N}
     * @param bookies how many, 1 to 9
     * @param freePort gives a free port of 127.0.0.1 at each call
     * @return the plan; no process is started
     */
    public static BookKeeperCluster plan(Path directory, int bookies, IntSupplier freePort) {
        if (bookies < 1 || bookies > BOOKIES_MAX) {
            throw new IllegalArgumentException("a local cluster has 1 to 9 bookies, not " + bookies);
        }
        Path root = directory.toAbsolutePath().normalize();
        BrokerPlan zooKeeper = zooKeeper(root.resolve("zookeeper"), freePort.getAsInt());
        List<BrokerPlan> plans = new ArrayList<>();
        for (int id = 0; id < bookies; id++) {
            plans.add(bookie(root.resolve("broker-" + id), id, freePort.getAsInt(), address(zooKeeper)));
        }
        return new BookKeeperCluster(zooKeeper, plans);
    }

    /**
     * Where clients begin.
     *
     * @return {@code host:port} of the ZooKeeper server
     */
    public String connect() {
        return address(zooKeeper);
    }

    /**
     * Where BookKeeper keeps its own notes.
     *
     * @param zooKeeper {@code host:port}
     * @return the address that bookies and BookKeeper's clients want
     */
    static String metadataServiceUri(String zooKeeper) {
        return "zk+hierarchical://" + zooKeeper + "/ledgers";
    }

    private static String address(BrokerPlan zooKeeper) {
        return "127.0.0.1:" + zooKeeper.port();
    }

    private static BrokerPlan zooKeeper(Path directory, int port) {
        return new BrokerPlan(
                0,
                directory,
                port,
                jvmOptions("-Xmx128m"),
                ZooKeeperMain.class.getName(),
                List.of("--directory", directory.toString(), "--port", Integer.toString(port)));
    }

    private static BrokerPlan bookie(Path directory, int id, int port, String zooKeeper) {
        return new BrokerPlan(
                id,
                directory,
                port,
                jvmOptions("-Xmx256m", "-XX:MaxDirectMemorySize=256m"),
                BookieMain.class.getName(),
                List.of(
                        "--id", Integer.toString(id),
                        "--directory", directory.toString(),
                        "--port", Integer.toString(port),
                        "--zookeeper", zooKeeper));
    }

    private static List<String> jvmOptions(String... memory) {
        List<String> options = new ArrayList<>(List.of(memory));
        options.add("-XX:+UseSerialGC");
        options.add("-Djava.awt.headless=true");
        options.add("-Dlogback.configurationFile=hermes-broker-logback.xml");
        return options;
    }
}

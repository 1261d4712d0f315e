package io.hermes.log.bookkeeper;

import io.hermes.log.bookkeeper.embedded.BookKeeperCluster;
import io.hermes.log.embedded.BrokerPlan;
import io.hermes.log.embedded.BrokerProcess;
import io.hermes.log.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.jspecify.annotations.Nullable;

/** One ZooKeeper process, without bookies, for all test classes of the board; each test takes a path of its own. */
final class SharedZooKeeper {

    static final int SESSION_MILLIS = 4_000;

    private static @Nullable SharedZooKeeper shared;

    private final LoopbackPorts ports = new LoopbackPorts();
    private final String connect;
    private final BrokerProcess process;

    private SharedZooKeeper(Path directory) {
        BookKeeperCluster cluster = BookKeeperCluster.plan(directory, 1, ports);
        BrokerPlan plan = cluster.zooKeeper()
                .withJvmOptions(List.of("-XX:TieredStopAtLevel=1"))
                .withArguments(List.of("--end-with-stdin"));
        connect = cluster.connect();
        process = new BrokerProcess(plan);
    }

    static synchronized SharedZooKeeper running() {
        SharedZooKeeper running = shared;
        if (running == null) {
            try {
                Path directory = Files.createTempDirectory("hermes-zookeeper");
                SharedZooKeeper started = new SharedZooKeeper(directory);
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> end(started, directory), "shared-zookeeper-end-0"));
                started.start();
                running = started;
                shared = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return running;
    }

    String connect() {
        return connect;
    }

    /** A client with a session of its own, connected; closed by the caller. */
    CuratorFramework client() {
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(connect)
                .sessionTimeoutMs(SESSION_MILLIS)
                .connectionTimeoutMs(SESSION_MILLIS / 2)
                .retryPolicy(new RetryOneTime(100))
                .build();
        client.start();
        try {
            if (!client.blockUntilConnected(20, TimeUnit.SECONDS)) {
                client.close();
                throw new IllegalStateException("no ZooKeeper at " + connect + ": " + process.lastOutput());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return client;
    }

    void start() {
        process.start();
    }

    void kill() {
        process.kill();
    }

    private static void end(SharedZooKeeper started, Path directory) {
        started.kill();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

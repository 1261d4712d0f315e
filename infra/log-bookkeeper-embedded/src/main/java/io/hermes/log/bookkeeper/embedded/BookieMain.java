package io.hermes.log.bookkeeper.embedded;

import io.hermes.log.embedded.BrokerLife;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.bookkeeper.bookie.LedgerStorage;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.common.component.ComponentStarter;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.meta.MetadataDrivers;
import org.apache.bookkeeper.server.EmbeddedServer;
import org.apache.bookkeeper.server.conf.BookieConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bookie as a process on 127.0.0.1, under a name that outlives its port. It waits for ZooKeeper; the one with number 0
 * prepares an empty ZooKeeper for all. After each start it looks for entries that it should hold and does not, because it
 * was away or its disk is new, and copies them from the others. Exit codes: 0 done, 1 failed, 2 usage.
 */
public final class BookieMain {

    private static final Logger LOG = LoggerFactory.getLogger(BookieMain.class);

    private static final String USAGE = "usage: BookieMain --id N --directory DIR --port PORT --zookeeper HOST:PORT"
            + " [--set key=value]... [--end-with-stdin]";
    private static final long SHUTDOWN_MAX_SECONDS = 5;
    private static final Duration METADATA_WITHIN = Duration.ofSeconds(90);
    /** A ledger that is open at the first look is closed some seconds later, when its writer has seen this bookie. */
    private static final List<Duration> LOOKS = List.of(Duration.ofSeconds(5), Duration.ofSeconds(20));

    private static final Duration LATER_LOOKS = Duration.ofMinutes(10);

    private BookieMain() {}

    /**
     * Runs the bookie until SIGTERM, or until standard input ends if told so.
     *
     * @param args {@code --id N --directory DIR --port PORT --zookeeper HOST:PORT}, then any number of
     *     {@code --set key=value} for BookKeeper's own settings, and {@code --end-with-stdin}
     */
    public static void main(String[] args) {
        try {
            ServerArguments arguments =
                    ServerArguments.parse(USAGE, Set.of("--id", "--directory", "--port", "--zookeeper"), args);
            BrokerLife.boundShutdown(SHUTDOWN_MAX_SECONDS);
            run(arguments);
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.exit(1);
        } catch (Exception e) { // the server's builder throws nothing narrower
            LOG.error("the bookie cannot start", e);
            System.exit(1);
        }
    }

    private static void run(ServerArguments arguments) throws Exception {
        ServerConfiguration settings = BookieSettings.of(arguments);
        awaitMetadata(settings, arguments.number("--id") == 0);
        EmbeddedServer server =
                EmbeddedServer.builder(new BookieConfiguration(settings)).build();
        lookForGaps(server.getBookieService().getServer().getBookie().getLedgerStorage());
        try {
            ComponentStarter.startComponent(server.getLifecycleComponentStack()).get();
        } catch (ExecutionException e) {
            throw new IOException("the bookie has ended", e);
        }
    }

    /** Returns when ZooKeeper is prepared for ledgers, by whichever bookie. */
    private static void awaitMetadata(ServerConfiguration settings, boolean prepares) throws InterruptedException {
        long endNanos = System.nanoTime() + METADATA_WITHIN.toNanos();
        while (true) {
            try {
                if (hasLayout(settings) || (prepares && BookKeeperAdmin.initNewCluster(settings))) {
                    return;
                }
            } catch (Exception e) { // the admin's methods throw nothing narrower
                if (System.nanoTime() > endNanos) {
                    throw new IllegalStateException("no ZooKeeper at " + settings.getProperty("metadataServiceUri"), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static boolean hasLayout(ServerConfiguration settings) throws Exception {
        return MetadataDrivers.runFunctionWithRegistrationManager(settings, manager -> {
            try {
                return manager.getClusterInstanceId() != null;
            } catch (org.apache.bookkeeper.bookie.BookieException e) {
                return false;
            }
        });
    }

    private static void lookForGaps(LedgerStorage storage) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bookie-gaps-0");
            thread.setDaemon(true);
            return thread;
        });
        Runnable look = () -> {
            try {
                storage.setStorageStateFlag(LedgerStorage.StorageState.NEEDS_INTEGRITY_CHECK);
            } catch (IOException | RuntimeException e) {
                LOG.warn("no look for missing entries", e);
            }
        };
        for (Duration after : LOOKS) {
            var unused = executor.schedule(look, after.toMillis(), TimeUnit.MILLISECONDS);
        }
        var unused = executor.scheduleWithFixedDelay(
                look, LATER_LOOKS.toMillis(), LATER_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }
}

package io.hermes.log.bookkeeper;

import io.hermes.log.FaultHandler;
import io.hermes.log.LogException;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.ReplyBus;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;

/** What the parts of one backend share: the clients of ZooKeeper and BookKeeper, and their threads. */
final class BookKeeperConnection implements AutoCloseable {

    private static final int SESSION_MILLIS = 6_000;
    private static final int CONNECT_MILLIS = 3_000;
    private static final int RETRIES = 3;
    private static final int RETRY_MILLIS = 200;

    private final CuratorFramework curator;
    private final Ledgers ledgers;
    private final Bookies bookies;
    private final LedgerListStore store;
    private final EventLoopGroup threads;
    private final ExecutorService errands;

    private BookKeeperConnection(
            CuratorFramework curator,
            Ledgers ledgers,
            Bookies bookies,
            LedgerListStore store,
            EventLoopGroup threads,
            ExecutorService errands) {
        this.curator = curator;
        this.ledgers = ledgers;
        this.bookies = bookies;
        this.store = store;
        this.threads = threads;
        this.errands = errands;
    }

    static BookKeeperLogBackend open(
            BookKeeperConfig config,
            ReplyBus replies,
            FaultHandler faults,
            LongSupplier nanoClock,
            RandomGenerator random) {
        CuratorFramework curator = connected(config);
        try {
            Ledgers ledgers = ledgers(config, nanoClock);
            LedgerListStore store = new LedgerListStore(
                    curator, config.root() + "/ledgers", () -> new UUID(random.nextLong(), random.nextLong()));
            store.start();
            Bookies bookies = new Bookies(curator, config.ledgersPath());
            bookies.start();
            EventLoopGroup threads =
                    new MultiThreadIoEventLoopGroup(1, daemons("bookkeeper-appends"), NioIoHandler.newFactory());
            ExecutorService errands = Executors.newSingleThreadExecutor(daemons("bookkeeper-errands"));
            BookKeeperConnection connection =
                    new BookKeeperConnection(curator, ledgers, bookies, store, threads, errands);
            return connection.assembled(config, replies, faults, nanoClock, random);
        } catch (LogException e) {
            curator.close();
            throw e;
        }
    }

    private BookKeeperLogBackend assembled(
            BookKeeperConfig config,
            ReplyBus replies,
            FaultHandler faults,
            LongSupplier nanoClock,
            RandomGenerator random) {
        String identity = store.current().identity();
        AppendRoutes routes = new AppendRoutes(config.deliveryTimeout(), nanoClock);
        SequencerServer server = new SequencerServer(threads, config, identity);
        SequencerLoop loop = new SequencerLoop(
                store, ledgers, bookies, routes, server, threads, config, faults, identity, nanoClock, random);
        BookKeeperOrderedLog log = new BookKeeperOrderedLog(
                store, ledgers, routes, loop, errands, identity, config.recordBytesMax(), nanoClock);
        ZooKeeperBulletin bulletin = new ZooKeeperBulletin(curator, faults, config.root() + "/board");
        bulletin.start();
        loop.start();
        return new BookKeeperLogBackend(this, log, replies, bulletin);
    }

    private static CuratorFramework connected(BookKeeperConfig config) {
        CuratorFramework curator = CuratorFrameworkFactory.builder()
                .connectString(config.zooKeeper())
                .sessionTimeoutMs(SESSION_MILLIS)
                .connectionTimeoutMs(CONNECT_MILLIS)
                .retryPolicy(new RetryNTimes(RETRIES, RETRY_MILLIS))
                .build();
        curator.start();
        try {
            if (curator.blockUntilConnected(
                    Math.toIntExact(config.startTimeout().toMillis()), TimeUnit.MILLISECONDS)) {
                return curator;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        curator.close();
        throw new LogUnavailableException(
                "ZooKeeper at " + config.zooKeeper() + " does not answer within "
                        + config.startTimeout().toMillis() + " ms: is it running, and is bookkeeper.zookeeper right?",
                null);
    }

    /** Bookies prepare ZooKeeper when they start; a process that starts with them waits for that. */
    private static Ledgers ledgers(BookKeeperConfig config, LongSupplier nanoClock) {
        long endNanos = nanoClock.getAsLong() + config.startTimeout().toNanos();
        while (true) {
            try {
                return Ledgers.connect(config);
            } catch (LogUnavailableException e) {
                if (nanoClock.getAsLong() - endNanos > 0) {
                    throw e;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LogUnavailableException("interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        store.close();
        bookies.close();
        errands.shutdownNow();
        ledgers.close();
        curator.close();
        var unused = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger made = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + made.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}

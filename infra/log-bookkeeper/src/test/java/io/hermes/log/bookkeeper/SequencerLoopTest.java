package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Test;

class SequencerLoopTest {

    private final BookKeeperConfig config = SharedCluster.config("loop-" + UUID.randomUUID());
    private final CompletableFuture<String> told = new CompletableFuture<>();

    @Test
    void errorThatEndsTheLoopIsTold() throws Exception {
        EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (CuratorFramework curator = CuratorFrameworkFactory.newClient(config.zooKeeper(), new RetryOneTime(100));
                Ledgers ledgers = Ledgers.connect(config)) {
            curator.start();
            LedgerListStore store = new LedgerListStore(curator, config.root() + "/ledgers", UUID::randomUUID);
            store.start();
            SequencerLoop loop = loop(store, ledgers, new Bookies(curator, config.ledgersPath()), threads);

            loop.start();

            assertThat(told.get(20, TimeUnit.SECONDS)).contains("for a pause");
            loop.close();
            store.close();
        } finally {
            threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private SequencerLoop loop(LedgerListStore store, Ledgers ledgers, Bookies bookies, EventLoopGroup threads) {
        String identity = store.current().identity();
        return new SequencerLoop(
                store,
                ledgers,
                bookies,
                new AppendRoutes(Duration.ofSeconds(8), System::nanoTime),
                new SequencerServer(threads, config, identity),
                threads,
                config,
                (what, cause) -> told.complete(what),
                identity,
                System::nanoTime,
                () -> {
                    throw new NoClassDefFoundError("for a pause");
                });
    }
}

package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogLostException;
import io.hermes.log.Position;
import io.hermes.log.bookkeeper.LedgerList.Ledger;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists that are not as they should be. */
class BookKeeperLogReaderTest {

    private final BookKeeperConfig config = SharedCluster.config("reader-" + UUID.randomUUID());
    private final AtomicLong skippedNanos = new AtomicLong();
    private CuratorFramework curator;
    private Ledgers ledgers;
    private LedgerListStore store;

    @BeforeEach
    void connect() {
        curator = CuratorFrameworkFactory.newClient(config.zooKeeper(), new RetryOneTime(100));
        curator.start();
        ledgers = Ledgers.connect(config);
        store = new LedgerListStore(curator, config.root() + "/ledgers", UUID::randomUUID);
        store.start();
    }

    @AfterEach
    void disconnect() {
        store.close();
        ledgers.close();
        curator.close();
    }

    @Test
    void gapBeforeTheNextLedgerIsALoss() throws Exception {
        long first = emptyLedger();
        long second = emptyLedger();
        list(new Ledger(first, 1), new Ledger(second, 5));

        try (BookKeeperLogReader reader = reader()) {
            assertThatThrownBy(() -> reader.read(1_000, Duration.ofSeconds(5)))
                    .isInstanceOf(LogLostException.class)
                    .hasMessageContaining("position 1 ")
                    .hasMessageContaining("at 5");
        }
    }

    private BookKeeperLogReader reader() {
        return new BookKeeperLogReader(
                store,
                ledgers,
                store.current().identity(),
                Position.START,
                () -> System.nanoTime() + skippedNanos.get(),
                closed -> {});
    }

    /** Closed. */
    private long emptyLedger() throws Exception {
        var handle = ledgers.create("test");
        handle.closeAsync().get(10, TimeUnit.SECONDS);
        return handle.getId();
    }

    private void list(Ledger... chain) {
        var seen = store.read();
        LedgerList list = seen.list();
        for (Ledger ledger : chain) {
            list = list.withLedger(ledger);
        }
        assertThat(store.compareAndSet(seen, list)).isTrue();
    }
}

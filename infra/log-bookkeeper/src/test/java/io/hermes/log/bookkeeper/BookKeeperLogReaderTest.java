package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogLostException;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.bookkeeper.LedgerList.Ledger;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.apache.bookkeeper.client.api.WriteHandle;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists that are not as they should be. */
class BookKeeperLogReaderTest {

    private static final long NO_LEDGER = 1_000_000_000;

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

        try (BookKeeperLogReader reader = reader(ledgers::openToRead)) {
            assertThatThrownBy(() -> reader.read(1_000, Duration.ofSeconds(5)))
                    .isInstanceOf(LogLostException.class)
                    .hasMessageContaining("position 1 ")
                    .hasMessageContaining("at 5");
        }
    }

    /** Others were delivered what the second ledger holds there. */
    @Test
    void overlapWithTheNextLedgerIsALoss() throws Exception {
        list(new Ledger(ledgerOf(1, 3), 1));

        try (BookKeeperLogReader reader = reader(ledgers::openToRead)) {
            assertThat(reader.read(1_000, Duration.ofSeconds(5))).hasSize(3);
            list(new Ledger(ledgerOf(3, 2), 3));

            assertThatThrownBy(() -> reader.read(1_000, Duration.ofSeconds(5)))
                    .isInstanceOf(LogLostException.class)
                    .hasMessageContaining("position 3 ")
                    .hasMessageContaining("at 3");
        }
    }

    @Test
    void firstEntryOfALedgerIsAskedForAlone() throws Exception {
        var handle = ledgers.create("test");
        for (int position = 1; position <= 20; position++) {
            append(handle, position, 1);
        }
        handle.closeAsync().get(10, TimeUnit.SECONDS);
        list(new Ledger(handle.getId(), 1));
        List<Long> asked = new CopyOnWriteArrayList<>();
        try (BookKeeperLogReader reader =
                reader(ledger -> ledgers.openToRead(ledger).thenApply(read -> counted(read, asked)))) {
            int read = 0;
            while (read < 20) {
                read += reader.read(1_000, Duration.ofSeconds(5)).size();
            }
        }

        assertThat(asked.get(0)).isOne();
        assertThat(asked).anyMatch(count -> count > 1);
    }

    @Test
    void listedLedgerThatIsNotFoundYetIsWaitedFor() throws Exception {
        list(new Ledger(NO_LEDGER, 1));

        try (BookKeeperLogReader reader = reader(ledgers::openToRead)) {
            assertThat(reader.read(1_000, Duration.ofSeconds(1))).isEmpty();
            skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(20));
            assertThat(reader.read(1_000, Duration.ofSeconds(1))).isEmpty();
        }
    }

    @Test
    void listedLedgerThatIsNotFoundForLongIsALoss() throws Exception {
        list(new Ledger(NO_LEDGER, 1));

        try (BookKeeperLogReader reader = reader(ledgers::openToRead)) {
            assertThat(reader.read(1_000, Duration.ofSeconds(1))).isEmpty();
            skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
            assertThatThrownBy(() -> reader.read(1_000, Duration.ofSeconds(5)))
                    .isInstanceOf(LogLostException.class)
                    .hasMessageContaining("ledger " + NO_LEDGER);
        }
    }

    @Test
    void readThatMayNotWaitDoesNotWaitForALedgerToOpen() throws Exception {
        list(new Ledger(emptyLedger(), 1));

        try (BookKeeperLogReader reader = reader(ledger -> new CompletableFuture<>())) {
            CompletableFuture<List<LogRecord>> batch =
                    CompletableFuture.supplyAsync(() -> reader.read(1_000, Duration.ZERO));
            assertThat(batch.get(5, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void closeReleasesTheLedger() throws Exception {
        list(new Ledger(emptyLedger(), 1));
        List<String> closed = new CopyOnWriteArrayList<>();
        BookKeeperLogReader reader = reader(ledger ->
                ledgers.openToRead(ledger).thenApply(handle -> watched(handle, () -> closed.add("ledger " + ledger))));
        assertThat(reader.read(1_000, Duration.ofSeconds(1))).isEmpty();
        assertThat(closed).isEmpty();

        reader.close();

        assertThat(closed).containsExactly("ledger " + store.current().last().id());
    }

    @Test
    void ledgerThatOpensAfterTheReaderWasClosedIsReleased() throws Exception {
        list(new Ledger(emptyLedger(), 1));
        List<String> closed = new CopyOnWriteArrayList<>();
        CompletableFuture<ReadHandle> opening = new CompletableFuture<>();
        BookKeeperLogReader reader = reader(ledger -> opening);
        assertThat(reader.read(1_000, Duration.ZERO)).isEmpty();
        reader.close();

        opening.complete(watched(
                ledgers.openToRead(store.current().last().id()).get(10, TimeUnit.SECONDS), () -> closed.add("ledger")));

        assertThat(closed).containsExactly("ledger");
    }

    /** Bookies leave those who wait at a ledger's end waiting when it is closed. */
    @Test
    void waitAtTheEndOfALedgerEndsWhenItIsFollowedByAnother() throws Exception {
        var handle = ledgers.create("test");
        list(new Ledger(handle.getId(), 1));
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger opened = new AtomicInteger();
        try (BookKeeperLogReader reader = reader(ledger -> ledgers.openToRead(ledger)
                .thenApply(read -> opened.incrementAndGet() == 1 ? waitingForEver(read, closed) : read))) {
            assertThat(reader.read(1_000, Duration.ofMillis(500))).isEmpty();
            append(handle, 1, 1);
            handle.closeAsync().get(10, TimeUnit.SECONDS);
            closed.set(true);
            list(new Ledger(emptyLedger(), 2));

            List<LogRecord> batch = reader.read(1_000, Duration.ofSeconds(1));

            assertThat(batch).extracting(record -> record.position().value()).containsExactly(1L);
        }
    }

    /** Waits in vain for what comes after the ledger's end, and learns that it was closed. */
    private static ReadHandle waitingForEver(ReadHandle handle, AtomicBoolean closed) {
        return (ReadHandle) Proxy.newProxyInstance(
                ReadHandle.class.getClassLoader(),
                new Class<?>[] {ReadHandle.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "readLastAddConfirmedAndEntryAsync" -> new CompletableFuture<>();
                    case "isClosed" -> closed.get();
                    default -> method.invoke(handle, args);
                });
    }

    private static ReadHandle watched(ReadHandle handle, Runnable onClose) {
        return (ReadHandle) Proxy.newProxyInstance(
                ReadHandle.class.getClassLoader(), new Class<?>[] {ReadHandle.class}, (proxy, method, args) -> {
                    if (method.getName().equals("closeAsync")) {
                        onClose.run();
                    }
                    return method.invoke(handle, args);
                });
    }

    private BookKeeperLogReader reader(LongFunction<CompletableFuture<ReadHandle>> opens) {
        return new BookKeeperLogReader(
                store,
                opens,
                store.current().identity(),
                Position.START,
                () -> System.nanoTime() + skippedNanos.get(),
                closed -> {});
    }

    /** Tells how many entries are asked for each time, once the place to begin at is found by reading single ones. */
    private static ReadHandle counted(ReadHandle handle, List<Long> asked) {
        AtomicBoolean found = new AtomicBoolean();
        return (ReadHandle) Proxy.newProxyInstance(
                ReadHandle.class.getClassLoader(), new Class<?>[] {ReadHandle.class}, (proxy, method, args) -> {
                    if (method.getName().equals("readAsync")) {
                        long first = (Long) args[0];
                        // The search ends at entry 0, which is then read once more.
                        if (found.get()) {
                            asked.add((Long) args[1] - first + 1);
                        }
                        found.compareAndSet(false, first == 0);
                    }
                    return method.invoke(handle, args);
                });
    }

    private static void append(WriteHandle handle, long first, int records) throws Exception {
        ByteBuf entry = Unpooled.buffer();
        LogEntry.writeHeader(entry, first, records);
        for (int i = 0; i < records; i++) {
            LogEntry.writeRecord(entry, new byte[] {7});
        }
        handle.appendAsync(entry).get(10, TimeUnit.SECONDS);
    }

    /** Closed, with one entry. */
    private long ledgerOf(long first, int records) throws Exception {
        var handle = ledgers.create("test");
        append(handle, first, records);
        handle.closeAsync().get(10, TimeUnit.SECONDS);
        return handle.getId();
    }

    /** Closed. */
    private long emptyLedger() throws Exception {
        var handle = ledgers.create("test");
        handle.closeAsync().get(10, TimeUnit.SECONDS);
        return handle.getId();
    }

    private void list(Ledger... chain) {
        var seen = Objects.requireNonNull(store.read());
        LedgerList list = seen.list();
        for (Ledger ledger : chain) {
            list = list.withLedger(ledger);
        }
        assertThat(store.compareAndSet(seen, list)).isTrue();
    }
}

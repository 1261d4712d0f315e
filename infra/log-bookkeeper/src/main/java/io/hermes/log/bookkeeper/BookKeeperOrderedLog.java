package io.hermes.log.bookkeeper;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.bookkeeper.LedgerList.Ledger;
import io.hermes.log.bookkeeper.LedgerListStore.Version;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.bookkeeper.client.api.ReadHandle;

/** The log as a chain of ledgers. Positions count records from 1 on, through all ledgers. */
final class BookKeeperOrderedLog implements OrderedLog {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final LedgerListStore store;
    private final Ledgers ledgers;
    private final AppendRoutes routes;
    private final SequencerLoop loop;
    private final ExecutorService errands;
    private final String logIdentity;
    private final int recordBytesMax;
    private final LongSupplier nanoClock;
    private final Set<BookKeeperLogReader> readers = ConcurrentHashMap.newKeySet();
    // How to end what was asked for and is not answered: any thread asks, the errands' answers, whoever closes ends.
    private final Set<Runnable> asked = ConcurrentHashMap.newKeySet();
    // Atomic: any thread closes.
    private final AtomicBoolean closed = new AtomicBoolean();

    BookKeeperOrderedLog(
            LedgerListStore store,
            Ledgers ledgers,
            AppendRoutes routes,
            SequencerLoop loop,
            ExecutorService errands,
            String logIdentity,
            int recordBytesMax,
            LongSupplier nanoClock) {
        this.store = store;
        this.ledgers = ledgers;
        this.routes = routes;
        this.loop = loop;
        this.errands = errands;
        this.logIdentity = logIdentity;
        this.recordBytesMax = recordBytesMax;
        this.nanoClock = nanoClock;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(byte[] record) {
        if (record.length > recordBytesMax) {
            return CompletableFuture.completedFuture(new AppendOutcome.Rejected(
                    "the record has " + record.length + " bytes, more than " + recordBytesMax));
        }
        return routes.append(record);
    }

    @Override
    public LogReader openReader(Position after) {
        if (closed.get()) {
            throw new LogUnavailableException("the log is closed", null);
        }
        BookKeeperLogReader reader =
                new BookKeeperLogReader(store, ledgers::openToRead, logIdentity, after, nanoClock, readers::remove);
        readers.add(reader);
        return reader;
    }

    @Override
    public CompletableFuture<Void> trimBefore(Position first) {
        return onErrand(() -> {
            trim(first.value());
            return null;
        });
    }

    @Override
    public CompletableFuture<Position> tail() {
        return onErrand(this::findTail);
    }

    @Override
    public int recordBytesMax() {
        return recordBytesMax;
    }

    @Override
    public String identity() {
        return logIdentity;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loop.close();
            List.copyOf(readers).forEach(BookKeeperLogReader::close);
            asked.forEach(Runnable::run);
        }
    }

    SequencerLoop loop() {
        return loop;
    }

    /** First the list forgets the ledgers, then BookKeeper: a reader never finds a hole. */
    private void trim(long first) {
        while (true) {
            Version version = store.read();
            if (version == null) {
                throw new LogUnavailableException("the log is gone from ZooKeeper", null);
            }
            LedgerList before = version.list();
            LedgerList after = before.trimmedBefore(first);
            if (after.equals(before) || store.compareAndSet(version, after)) {
                int dropped = before.ledgers().size() - after.ledgers().size();
                for (Ledger ledger : before.ledgers().subList(0, dropped)) {
                    ledgers.delete(ledger.id());
                }
                return;
            }
        }
    }

    private Position findTail() {
        LedgerList list = store.current();
        if (list.isEmpty()) {
            return Position.START;
        }
        Ledger last = list.last();
        ReadHandle handle =
                BookKeeperFailures.await("ledger " + last.id(), ledgers.openToRead(last.id()), ANSWER_WITHIN);
        try {
            return new Position(
                    BookKeeperFailures.await("last entry", Ledgers.nextOf(handle, last.first()), ANSWER_WITHIN) - 1);
        } finally {
            var unused = handle.closeAsync();
        }
    }

    private <T> CompletableFuture<T> onErrand(Supplier<T> errand) {
        CompletableFuture<T> answer;
        try {
            answer = CompletableFuture.supplyAsync(errand, errands);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new LogUnavailableException("the log is closed", e));
        }
        Runnable end = () -> answer.completeExceptionally(new LogUnavailableException("the log is closed", null));
        asked.add(end);
        var unused = answer.whenComplete((done, e) -> asked.remove(end));
        if (closed.get()) {
            end.run();
        }
        return answer;
    }
}

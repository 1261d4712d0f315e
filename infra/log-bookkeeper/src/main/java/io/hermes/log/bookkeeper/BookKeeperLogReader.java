package io.hermes.log.bookkeeper;

import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.Position;
import io.hermes.log.bookkeeper.LedgerList.Ledger;
import io.hermes.log.bookkeeper.LedgerListStore.Version;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the records of the chain, ledger by ledger. Positions have no gaps, so a ledger is left when its successor's first
 * position is the next one, and anything else that comes next is a loss. While a batch is being worked on the next one is
 * fetched.
 */
final class BookKeeperLogReader implements LogReader {

    private static final Logger LOG = LoggerFactory.getLogger(BookKeeperLogReader.class);

    private static final long OPENED_WITHIN_NANOS = 20_000_000_000L;
    /** BookKeeper's client may ask a server of ZooKeeper that lags behind the one that the list comes from. */
    private static final long GONE_AFTER_NANOS = 30_000_000_000L;

    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long PAUSE_MAX_NANOS = 1_000_000_000;
    private static final int FETCH_BYTES = 256 * 1024;

    private final LedgerListStore store;
    private final LongFunction<CompletableFuture<ReadHandle>> ledgers;
    private final String logIdentity;
    private final LongSupplier nanoClock;
    private final Consumer<BookKeeperLogReader> onClosed;
    private final Signal signal = new Signal();
    private final Runnable listener = signal::wake;
    private final Deque<LogRecord> ready = new ArrayDeque<>();
    private long next;
    /** The ledger that the position before {@link #next} was delivered from; -1 while there is none. */
    private long deliveredFrom = -1;

    private @Nullable CompletableFuture<List<LogEntry>> fetching;
    private long openedNanos;
    private boolean openedBeforeSuccessor;
    private long missing = -1;
    private long missingSinceNanos;
    private long notBeforeNanos;
    private long pauseNanos;
    // Volatile: the log closes readers from another thread, and then what they have opened.
    private volatile @Nullable CompletableFuture<LedgerCursor> opening;
    private volatile @Nullable LedgerCursor cursor;
    private volatile boolean closed;

    BookKeeperLogReader(
            LedgerListStore store,
            LongFunction<CompletableFuture<ReadHandle>> ledgers,
            String logIdentity,
            Position after,
            LongSupplier nanoClock,
            Consumer<BookKeeperLogReader> onClosed) {
        this.store = store;
        this.ledgers = ledgers;
        this.logIdentity = logIdentity;
        this.next = after.value() + 1;
        this.nanoClock = nanoClock;
        this.onClosed = onClosed;
        this.notBeforeNanos = nanoClock.getAsLong();
        store.onChange(listener);
    }

    @Override
    public List<LogRecord> read(int bytesMax, Duration maxWait) {
        long endNanos = nanoClock.getAsLong() + maxWait.toNanos();
        while (ready.isEmpty() && !closed) {
            long waitNanos = step();
            if (waitNanos > 0) {
                long leftNanos = endNanos - nanoClock.getAsLong();
                if (leftNanos <= 0 || Thread.currentThread().isInterrupted()) {
                    return List.of();
                }
                var unused = signal.await(Math.min(waitNanos, leftNanos));
            }
        }
        return batch(bytesMax);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            store.removeListener(listener);
            signal.wake();
            onClosed.accept(this);
            giveUpOpening();
            LedgerCursor present = cursor;
            if (present != null) {
                present.close();
            }
        }
    }

    private List<LogRecord> batch(int bytesMax) {
        List<LogRecord> batch = new ArrayList<>();
        int bytes = 0;
        while (!ready.isEmpty() && (batch.isEmpty() || bytes + ready.getFirst().bytes().length <= bytesMax)) {
            LogRecord record = ready.removeFirst();
            bytes += record.bytes().length;
            batch.add(record);
        }
        LedgerCursor present = cursor;
        if (ready.isEmpty() && present != null && !closed) {
            fetch(present);
        }
        return batch;
    }

    /** Goes one step on; returns how long to wait for a change before the next one. */
    private long step() {
        long pause = notBeforeNanos - nanoClock.getAsLong();
        if (pause > 0) {
            return pause;
        }
        try {
            LedgerList list = store.current();
            if (!list.identity().equals(logIdentity)) {
                throw new LogLostException("the log " + logIdentity + " was replaced by " + list.identity(), null);
            }
            LedgerCursor present = cursor;
            if (present != null) {
                return advance(present, list);
            }
            CompletableFuture<LedgerCursor> started = opening;
            return started == null ? open(list) : awaitOpened(started, list);
        } catch (LogUnavailableException e) {
            onUnavailable(e);
            return pauseNanos;
        }
    }

    private long open(LedgerList list) {
        int index = list.indexOf(next);
        if (list.isEmpty()) {
            return PAUSE_MAX_NANOS;
        }
        if (index < 0) {
            long first = list.ledgers().get(0).first();
            throw new LogTrimmedException(
                    "position " + next + " was trimmed: the log begins at " + first, new Position(first - 1), null);
        }
        Ledger ledger = list.ledgers().get(index);
        if (deliveredFrom >= 0 && ledger.id() != deliveredFrom && ledger.first() < next) {
            throw new LogLostException(
                    "position " + (next - 1) + " was delivered from ledger " + deliveredFrom + ", but the next one, "
                            + ledger.id() + ", begins at " + ledger.first() + ": the former was cut off",
                    null);
        }
        openedNanos = nanoClock.getAsLong();
        openedBeforeSuccessor = index == list.ledgers().size() - 1;
        CompletableFuture<LedgerCursor> started = LedgerCursor.open(ledger.id(), ledgers.apply(ledger.id()), next);
        opening = started;
        var unused = started.whenComplete((opened, e) -> signal.wake());
        if (closed) {
            giveUpOpening();
        }
        return 0;
    }

    private long awaitOpened(CompletableFuture<LedgerCursor> started, LedgerList list) {
        if (!started.isDone()) {
            long leftNanos = openedNanos + OPENED_WITHIN_NANOS - nanoClock.getAsLong();
            if (leftNanos <= 0) {
                giveUpOpening();
                throw new LogUnavailableException("position " + next + ": its ledger does not open", null);
            }
            return leftNanos;
        }
        opening = null;
        try {
            LedgerCursor opened = started.join();
            cursor = opened;
            missing = -1;
            pauseNanos = 0;
            if (closed) {
                leave(opened);
            }
            return 0;
        } catch (CompletionException e) {
            if (BookKeeperFailures.isNoSuchLedger(e) && list.indexOf(next) >= 0) {
                onMissing(list.ledgers().get(list.indexOf(next)));
            }
            throw new LogUnavailableException("position " + next + ": " + BookKeeperFailures.text(e), e);
        }
    }

    /** The list names a ledger that BookKeeper does not have: it was trimmed meanwhile, or is too new, or is lost. */
    private void onMissing(Ledger ledger) {
        long now = nanoClock.getAsLong();
        if (missing != ledger.id()) {
            missing = ledger.id();
            missingSinceNanos = now;
        } else if (now - missingSinceNanos > GONE_AFTER_NANOS) {
            Version version = store.read();
            if (version != null && version.list().ledgers().contains(ledger)) {
                throw new LogLostException(
                        "ledger " + ledger.id() + ", which holds position " + next
                                + ", was deleted, and not by trimming",
                        null);
            }
        }
    }

    /** Whatever is opened too late is closed again. */
    private void giveUpOpening() {
        CompletableFuture<LedgerCursor> started = opening;
        opening = null;
        if (started != null) {
            var unused = started.thenAccept(LedgerCursor::close);
        }
    }

    private long advance(LedgerCursor present, LedgerList list) {
        int index = list.indexOf(next);
        boolean moves = index < 0 || list.ledgers().get(index).id() != present.ledger();
        boolean hasSuccessor = index >= 0 && index < list.ledgers().size() - 1;
        CompletableFuture<List<LogEntry>> fetched = fetching;
        boolean pending = fetched == null || !fetched.isDone();
        if (moves || (hasSuccessor && pending && present.waitsForMore())) {
            // The handle was opened while the ledger was written to; another one knows where it ends, and bookies do
            // not
            // tell those who wait when a ledger is closed.
            leave(present);
            if (moves || openedBeforeSuccessor) {
                return 0;
            }
            throw new LogUnavailableException("ledger " + present.ledger() + " is not known to be closed yet", null);
        }
        if (fetched == null) {
            if (present.isAtEnd()) {
                return hasSuccessor ? onEndBeforeSuccessor(present, list, index + 1) : PAUSE_MAX_NANOS;
            }
            fetch(present);
            return 0;
        }
        if (!fetched.isDone()) {
            return PAUSE_MAX_NANOS;
        }
        fetching = null;
        try {
            take(present, fetched.join());
            return 0;
        } catch (CompletionException e) {
            throw new LogUnavailableException("ledger " + present.ledger() + ": " + BookKeeperFailures.text(e), e);
        }
    }

    /** All was delivered, and yet the next ledger begins later: what lies between will never come. */
    private long onEndBeforeSuccessor(LedgerCursor present, LedgerList list, int successor) {
        if (!present.knowsEnd()) {
            leave(present);
            return 0;
        }
        throw new LogLostException(
                "position " + next + " is missing: ledger " + present.ledger() + " ends before it, and the next one, "
                        + list.ledgers().get(successor).id() + ", begins at "
                        + list.ledgers().get(successor).first(),
                null);
    }

    private void take(LedgerCursor present, List<LogEntry> entries) {
        present.onRead(entries);
        pauseNanos = 0;
        for (LogEntry entry : entries) {
            if (entry.first() > next) {
                throw new LogLostException(
                        "position " + next + " is missing: ledger " + present.ledger() + " goes on at " + entry.first(),
                        null);
            }
            long position = entry.first();
            for (byte[] record : entry.records()) {
                if (position == next) {
                    ready.addLast(new LogRecord(new Position(position), record));
                    next++;
                    deliveredFrom = present.ledger();
                }
                position++;
            }
        }
    }

    private void fetch(LedgerCursor present) {
        if (fetching == null) {
            CompletableFuture<List<LogEntry>> started = present.read(FETCH_BYTES);
            fetching = started;
            var unused = started.whenComplete((entries, e) -> signal.wake());
        }
    }

    private void leave(LedgerCursor present) {
        present.close();
        cursor = null;
        fetching = null;
    }

    private void onUnavailable(LogUnavailableException e) {
        pauseNanos = pauseNanos == 0 ? FIRST_PAUSE_NANOS : Math.min(PAUSE_MAX_NANOS, 2 * pauseNanos);
        notBeforeNanos = nanoClock.getAsLong() + pauseNanos;
        LOG.info("the log cannot be read now next={} reason={}", next, e.getMessage());
        LedgerCursor present = cursor;
        if (present != null) {
            leave(present);
        }
    }
}

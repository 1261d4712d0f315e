package io.hermes.log.bookkeeper;

import io.hermes.log.LogUnavailableException;
import io.hermes.log.bookkeeper.LedgerList.Ledger;
import io.hermes.log.bookkeeper.LedgerListStore.Version;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.apache.bookkeeper.client.api.WriteHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One epoch of this process as the only writer. What makes it the only one is that the ledger of its predecessor was fenced and
 * that the ledger list was replaced by compare-and-set; nothing else, and no clock.
 *
 * <p>All methods but {@link #commit} belong to the thread of the {@link SequencerLoop}, and may block for some seconds.
 */
final class Sequencer {

    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(15);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(5);
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(10);
    private static final long ROLLS_APART_NANOS = 3_000_000_000L;
    private static final long STALLED_NANOS = 10_000_000_000L;

    private final LedgerListStore store;
    private final Ledgers ledgers;
    private final Bookies bookies;
    private final BookKeeperConfig.Rolling rolling;
    private final LongSupplier nanoClock;
    private final long epoch;
    private final String logIdentity;
    private final GroupCommit commit;
    private WriteHandle handle;
    private int arrivals;
    private long notBeforeNanos;

    private Sequencer(
            LedgerListStore store,
            Ledgers ledgers,
            Bookies bookies,
            BookKeeperConfig.Rolling rolling,
            LongSupplier nanoClock,
            LedgerList list,
            GroupCommit commit,
            WriteHandle created,
            int arrivals) {
        this.store = store;
        this.ledgers = ledgers;
        this.bookies = bookies;
        this.rolling = rolling;
        this.nanoClock = nanoClock;
        this.epoch = list.epoch();
        this.logIdentity = list.identity();
        this.commit = commit;
        this.handle = created;
        this.arrivals = arrivals;
        this.notBeforeNanos = nanoClock.getAsLong() + ROLLS_APART_NANOS;
    }

    /**
     * Ends whatever epoch there is and begins the next, unless another process was quicker.
     *
     * @param seen the list that names the present sequencer
     * @param address where other processes reach this one
     * @param onEnded told once why the epoch is over
     * @return null if another process was quicker
     * @throws LogUnavailableException if bookies or ZooKeeper do not answer; then nothing has begun
     */
    static @Nullable Sequencer takeOver(
            LedgerListStore store,
            Ledgers ledgers,
            Bookies bookies,
            BookKeeperConfig.Rolling rolling,
            LongSupplier nanoClock,
            Version seen,
            String address,
            java.util.function.Consumer<String> onEnded) {
        LedgerList before = seen.list();
        long next = before.isEmpty() ? 1 : recovered(ledgers, before);
        int arrivals = bookies.arrivals();
        WriteHandle created = ledgers.create(before.identity());
        long id = created.getId();
        Ledger first = new Ledger(id, next);
        LedgerList list = before.withEpoch(address, first);
        if (!store.compareAndSet(seen, list)) {
            Version present = store.read();
            if (present == null
                    || present.list().epoch() != list.epoch()
                    || !present.list().ledgers().contains(first)) {
                deleteIfUnlisted(ledgers, seen, present, first);
                return null;
            }
        }
        deleteDropped(ledgers, before, list);
        GroupCommit commit = new GroupCommit(next, nanoClock, onEnded);
        commit.writeTo(created);
        LOG.info("sequencer epoch={} ledger={} next={}", list.epoch(), id, next);
        return new Sequencer(store, ledgers, bookies, rolling, nanoClock, list, commit, created, arrivals);
    }

    GroupCommit commit() {
        return commit;
    }

    long epoch() {
        return epoch;
    }

    /** Looks whether the epoch is over, or the ledger should be followed by another one. */
    void maintain() {
        if (commit.hasFailed()) {
            return;
        }
        if (store.current().epoch() != epoch) {
            commit.fail("another process became the sequencer");
        } else if (commit.stalledNanos() > STALLED_NANOS) {
            commit.fail("the bookies do not answer");
        } else if (wantsRoll() && nanoClock.getAsLong() - notBeforeNanos >= 0) {
            notBeforeNanos = nanoClock.getAsLong() + ROLLS_APART_NANOS;
            roll();
        }
    }

    /** Leaves in order, so that the next one need not wait for silence. */
    void release() {
        try {
            BookKeeperFailures.await("entries under way", commit.hold(), CLOSED_WITHIN);
            commit.fail("the sequencer leaves");
            BookKeeperFailures.await("the ledger's end", handle.closeAsync(), CLOSED_WITHIN);
            Version version = store.read();
            while (version != null && version.list().epoch() == epoch) {
                if (store.compareAndSet(version, version.list().withoutSequencer())) {
                    return;
                }
                version = store.read();
            }
        } catch (LogUnavailableException e) {
            LOG.info("the sequencer leaves without a word reason={}", e.getMessage());
        }
    }

    private boolean wantsRoll() {
        return mustRoll() || ledgers.isDegraded(handle);
    }

    private boolean mustRoll() {
        // Entries that a bookie has missed can be copied to it only when their ledger is closed.
        boolean returned = bookies.arrivals() != arrivals;
        boolean full = commit.ledgerBytes() >= rolling.bytes();
        boolean old = commit.ledgerAgeNanos() >= rolling.age().toNanos();
        return full || old || returned;
    }

    private void roll() {
        // Before the ledger is made: who arrives meanwhile may not be among its bookies.
        int seen = bookies.arrivals();
        WriteHandle next;
        try {
            // While only copies are missing, one degraded ledger after another would not help: BookKeeper's client may
            // learn
            // later than this process that a bookie is back.
            next = mustRoll() ? ledgers.create(logIdentity) : ledgers.createWhole(logIdentity);
        } catch (LogUnavailableException e) {
            LOG.warn("the ledger goes on reason={}", e.getMessage());
            return;
        }
        long id = next.getId();
        if (!isClosedSoon()) {
            ledgers.delete(id);
            return;
        }
        long first = commit.acknowledgedNext();
        try {
            if (!isListedSoon(new Ledger(id, first))) {
                commit.fail("another process became the sequencer");
                return;
            }
        } catch (LogUnavailableException e) {
            // It may be listed for all that, so it stays.
            commit.fail("the next ledger could not be listed: " + e.getMessage());
            return;
        }
        LOG.info("next ledger epoch={} ledger={} next={}", epoch, id, first);
        handle = next;
        arrivals = seen;
        commit.writeTo(handle);
    }

    /** Ends the present ledger; if that does not succeed, or an entry on its way there has failed, the epoch is over. */
    private boolean isClosedSoon() {
        try {
            BookKeeperFailures.await("entries under way", commit.hold(), CLOSED_WITHIN);
            // BookKeeper closes a ledger that an entry has failed in, too: before that entry.
            if (commit.hasFailed()) {
                return false;
            }
            BookKeeperFailures.await("the ledger's end", handle.closeAsync(), CLOSED_WITHIN);
            return true;
        } catch (LogUnavailableException e) {
            commit.fail("the next ledger could not be begun: " + e.getMessage());
            return false;
        }
    }

    /** False if another process became the sequencer. */
    private boolean isListedSoon(Ledger ledger) {
        long endNanos = nanoClock.getAsLong() + LISTED_WITHIN.toNanos();
        while (true) {
            try {
                Version version = store.read();
                if (version == null
                        || version.list().epoch() != epoch
                        || !version.list().identity().equals(logIdentity)) {
                    if (version != null && !version.list().ledgers().contains(ledger)) {
                        ledgers.delete(ledger.id());
                    }
                    return false;
                }
                LedgerList list = version.list().withLedger(ledger);
                if (version.list().last().id() == ledger.id() || store.compareAndSet(version, list)) {
                    deleteDropped(ledgers, version.list(), list);
                    return true;
                }
            } catch (LogUnavailableException e) {
                if (nanoClock.getAsLong() - endNanos > 0) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted", e);
        }
    }

    /** Fences the last ledgers of others and returns the next position. */
    private static long recovered(Ledgers ledgers, LedgerList list) {
        int size = list.ledgers().size();
        if (size > 1) {
            // The list gains a ledger only after the one before was closed; to open it again costs little and checks
            // that.
            BookKeeperFailures.await(
                    "ledger before the last",
                    ledgers.recover(list.ledgers().get(size - 2).id()).thenCompose(ReadHandle::closeAsync),
                    RECOVERED_WITHIN);
        }
        Ledger last = list.last();
        ReadHandle handle = BookKeeperFailures.await("last ledger", ledgers.recover(last.id()), RECOVERED_WITHIN);
        try {
            return BookKeeperFailures.await("last entry", Ledgers.nextOf(handle, last.first()), RECOVERED_WITHIN);
        } finally {
            var unused = handle.closeAsync();
        }
    }

    /**
     * A compare-and-set that has had no answer may still be carried out as long as nobody else has changed the list; what it
     * may have listed, or may list, stays.
     */
    private static void deleteIfUnlisted(Ledgers ledgers, Version seen, @Nullable Version present, Ledger created) {
        if (present != null
                && present.version() > seen.version()
                && !present.list().ledgers().contains(created)) {
            ledgers.delete(created.id());
        }
    }

    /** A ledger that stayed empty has left the list. */
    private static void deleteDropped(Ledgers ledgers, LedgerList before, LedgerList after) {
        if (!before.isEmpty() && !after.ledgers().contains(before.last())) {
            ledgers.delete(before.last().id());
        }
    }
}

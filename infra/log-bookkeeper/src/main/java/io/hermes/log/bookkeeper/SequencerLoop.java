package io.hermes.log.bookkeeper;

import io.hermes.log.FaultHandler;
import io.hermes.log.LogLostException;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.bookkeeper.LedgerListStore.Version;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows at any time where appends go: finds the sequencer, keeps in touch with it, and, if this process is a candidate, takes
 * its place when it is silent.
 *
 * <pre>
 * SEEKING ──the listed sequencer welcomes──▶ FOLLOWING ──broken, silent, stalled, or another epoch──▶ SEEKING
 * SEEKING ──nobody is listed, or the listed one does not answer; after a random pause──▶ SEQUENCING ──fenced, or failed──▶ SEEKING
 * </pre>
 *
 * <p>Owns the thread bookkeeper-sequencer-0, which may block for some seconds in a take-over; appends never wait for it, and end in
 * time by a timer on the connections' thread.
 */
final class SequencerLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SequencerLoop.class);

    private static final long TICK_MILLIS = 25;
    private static final long PING_NANOS = 200_000_000;
    private static final long LEAST_PAUSE_MILLIS = 30;
    private static final long FIRST_PAUSE_MILLIS = 150;
    /** A loop that was held up so long was asleep itself, and has not listened. */
    private static final long ASLEEP_NANOS = 500_000_000;

    private static final long PAUSE_MAX_MILLIS = 10_000;
    private static final long LASTING_NANOS = 10_000_000_000L;
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(8);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(1);

    private final LedgerListStore store;
    private final Ledgers ledgers;
    private final Bookies bookies;
    private final AppendRoutes routes;
    private final SequencerServer server;
    private final EventLoopGroup threads;
    private final BookKeeperConfig config;
    private final FaultHandler faults;
    private final String logIdentity;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "bookkeeper-sequencer-0");
    // Volatile: written by whoever closes, read by the loop.
    private volatile boolean closing;
    private volatile boolean abandons;
    private volatile boolean coup;
    // Volatile: written by the loop, read by tests.
    private volatile boolean sequencing;

    // All below is owned by the loop's thread.
    private String address = "";
    private @Nullable SequencerConnection connection;
    private @Nullable Sequencer sequencer;
    private volatile @Nullable String ended;
    private long suspectEpoch = -1;
    private boolean suspectIsSilent;
    private long takeOverAtNanos;
    private int hasty;
    private long lastTakeOverNanos;
    private long lastPingNanos;
    private long lastTickNanos;
    private boolean lossTold;

    SequencerLoop(
            LedgerListStore store,
            Ledgers ledgers,
            Bookies bookies,
            AppendRoutes routes,
            SequencerServer server,
            EventLoopGroup threads,
            BookKeeperConfig config,
            FaultHandler faults,
            String logIdentity,
            LongSupplier nanoClock,
            RandomGenerator random) {
        this.store = store;
        this.ledgers = ledgers;
        this.bookies = bookies;
        this.routes = routes;
        this.server = server;
        this.threads = threads;
        this.config = config;
        this.faults = faults;
        this.logIdentity = logIdentity;
        this.nanoClock = nanoClock;
        this.random = random;
        thread.setDaemon(true);
    }

    void start() {
        if (config.sequencer().candidate()) {
            address = server.start();
        }
        lastTakeOverNanos = nanoClock.getAsLong() - LASTING_NANOS;
        lastTickNanos = nanoClock.getAsLong();
        store.onChange(wake::release);
        var unused =
                threads.next().scheduleWithFixedDelay(this::onTick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        thread.start();
    }

    /** On the connections' thread, which nothing blocks: an append ends in time whatever a take-over waits for. */
    private void onTick() {
        try {
            routes.onTick();
        } catch (RuntimeException e) { // the timer would be stopped
            LOG.error("the appends' timer goes on after a failure", e);
        } catch (Error e) {
            faults.onFatal("the appends' timer ends: " + e, e);
            throw e;
        }
    }

    /** For tests: takes over from whoever is the sequencer, as if it had been silent. */
    void takeOver() {
        coup = true;
        wake.release();
    }

    /** Whether this process is the sequencer, as far as it knows. */
    boolean isSequencer() {
        return sequencing;
    }

    /** For tests: ends as if the process had, without a word to anybody. */
    void abandon() {
        abandons = true;
        close();
    }

    /** Appends end at once, the thread within 9 seconds. */
    @Override
    public void close() {
        routes.close();
        closing = true;
        wake.release();
        try {
            thread.join(CLOSED_WITHIN.toMillis());
            // It waits for bookies or ZooKeeper, who are about to be left.
            thread.interrupt();
            thread.join(ENDED_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            try {
                doWork();
            } catch (LogUnavailableException e) {
                LOG.info("no sequencer yet reason={}", e.getMessage());
                pause(200);
            } catch (LogLostException e) {
                tellLoss(e);
                pause(1_000);
            } catch (RuntimeException e) { // the loop's edge
                LOG.error("the sequencer's loop goes on after a failure", e);
                pause(1_000);
            } catch (Error e) {
                faults.onFatal("the sequencer's loop ends: " + e, e);
                closing = true;
            }
            pause(TICK_MILLIS);
        }
        leave();
    }

    private void doWork() {
        LedgerList list = store.current();
        if (!list.identity().equals(logIdentity)) {
            throw new LogLostException(
                    "the log " + logIdentity + " was replaced by " + list.identity() + ": start this process anew",
                    null);
        }
        if (coup) {
            coup = false;
            become(store.read());
            return;
        }
        Sequencer present = sequencer;
        if (present != null) {
            sequence(present);
        } else if (connection != null) {
            follow(connection, list);
        } else {
            seek(list);
        }
    }

    private void sequence(Sequencer present) {
        present.maintain();
        String why = ended;
        if (why != null) {
            LOG.info("the epoch is over epoch={} reason={}", present.epoch(), why);
            routes.toNone();
            server.stopServing();
            sequencer = null;
            sequencing = false;
        }
    }

    private void follow(SequencerConnection present, LedgerList list) {
        long patienceNanos = config.sequencer().takeOverAfter().toNanos();
        long now = nanoClock.getAsLong();
        if (now - lastTickNanos > ASLEEP_NANOS) {
            present.forgiveSilence();
        }
        lastTickNanos = now;
        String why = null;
        if (list.epoch() != present.epoch()) {
            why = "another epoch";
        } else if (present.isBroken()) {
            why = "the connection broke";
        } else if (present.silentNanos() > patienceNanos) {
            why = "silent";
        } else if (present.stalledNanos() > 2 * patienceNanos) {
            why = "no append is answered";
        }
        if (why != null) {
            LOG.info("leaving the sequencer epoch={} address={} reason={}", present.epoch(), list.sequencer(), why);
            routes.toNone();
            connection = null;
            present.close();
            if (list.epoch() == present.epoch()) {
                suspect(list.epoch());
                suspectIsSilent = !present.wasCut();
            }
        } else if (nanoClock.getAsLong() - lastPingNanos > PING_NANOS) {
            lastPingNanos = nanoClock.getAsLong();
            present.ping();
        }
    }

    private void seek(LedgerList list) {
        boolean nobody = list.sequencer().isEmpty() || list.sequencer().equals(address);
        if (nobody || suspectEpoch == list.epoch()) {
            suspect(list.epoch());
        }
        boolean hopeless =
                nobody || (config.sequencer().candidate() && suspectEpoch == list.epoch() && suspectIsSilent);
        if (!hopeless && connects(list)) {
            return;
        }
        if (!config.sequencer().candidate()) {
            pause(nobody ? 100 : 50);
        } else if (suspectEpoch == list.epoch() && nanoClock.getAsLong() - takeOverAtNanos >= 0) {
            become(store.read());
        }
    }

    private boolean connects(LedgerList list) {
        try {
            SequencerConnection opened = SequencerConnection.open(
                    threads, config, list, nanoClock, config.sequencer().takeOverAfter(), wake::release);
            if (opened != null) {
                LOG.info("following the sequencer epoch={} address={}", list.epoch(), list.sequencer());
                connection = opened;
                suspectEpoch = -1;
                lastTickNanos = nanoClock.getAsLong();
                routes.toRoute(opened);
                return true;
            }
            // Perhaps it has just won, and is about to say so.
            suspect(list.epoch());
        } catch (LogUnavailableException e) {
            LOG.info("the sequencer does not answer epoch={} reason={}", list.epoch(), e.getMessage());
            suspect(list.epoch());
        }
        return false;
    }

    /** From the first suspicion of an epoch on a random pause passes, longer if take-overs follow one another. */
    private void suspect(long epoch) {
        if (suspectEpoch != epoch) {
            suspectEpoch = epoch;
            suspectIsSilent = false;
            long now = nanoClock.getAsLong();
            hasty = now - lastTakeOverNanos < LASTING_NANOS ? Math.min(hasty + 1, 16) : 0;
            long max = Math.min(PAUSE_MAX_MILLIS, FIRST_PAUSE_MILLIS << Math.min(hasty, 8));
            takeOverAtNanos = now + TimeUnit.MILLISECONDS.toNanos(LEAST_PAUSE_MILLIS + random.nextLong(max));
        }
    }

    private void become(@Nullable Version seen) {
        if (seen == null || !seen.list().identity().equals(logIdentity)) {
            throw new LogLostException("the log " + logIdentity + " is gone from ZooKeeper", null);
        }
        SequencerConnection before = connection;
        connection = null;
        if (before != null) {
            routes.toNone();
            before.close();
        }
        boolean changed = suspectEpoch >= 0 && seen.list().epoch() != suspectEpoch && sequencer == null;
        if (changed) {
            return;
        }
        lastTakeOverNanos = nanoClock.getAsLong();
        suspectEpoch = -1;
        ended = null;
        Sequencer won =
                Sequencer.takeOver(store, ledgers, bookies, config.rolling(), nanoClock, seen, address, reason -> {
                    ended = reason;
                    wake.release();
                });
        if (won != null) {
            sequencer = won;
            sequencing = true;
            server.serve(won.epoch(), won.commit());
            routes.toRoute(won.commit()::append);
        }
    }

    private void leave() {
        Sequencer present = sequencer;
        SequencerConnection followed = connection;
        routes.close();
        if (present != null && !abandons) {
            present.release();
        }
        server.close();
        if (followed != null) {
            followed.close();
        }
    }

    private void tellLoss(LogLostException e) {
        if (!lossTold) {
            lossTold = true;
            routes.toNone();
            faults.onFatal(String.valueOf(e.getMessage()), e);
        }
    }

    private void pause(long millis) {
        try {
            if (wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }
}

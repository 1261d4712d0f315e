package io.hermes.log.bookkeeper;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The log over BookKeeper and the board over ZooKeeper; replies travel as they are told to. */
public final class BookKeeperLogBackend implements LogBackend {

    private final BookKeeperConnection connection;
    private final BookKeeperOrderedLog log;
    private final ReplyBus replies;
    private final Bulletin bulletin;
    // Atomic: any thread closes.
    private final AtomicBoolean closed = new AtomicBoolean();

    BookKeeperLogBackend(
            BookKeeperConnection connection, BookKeeperOrderedLog log, ReplyBus replies, Bulletin bulletin) {
        this.connection = connection;
        this.log = log;
        this.replies = replies;
        this.bulletin = bulletin;
    }

    /**
     * Connects to ZooKeeper, makes the log if it is new, and begins to look for the sequencer. Appends that come before one is
     * found wait for it.
     *
     * @param config where ZooKeeper is, and what is asked of the bookies
     * @param replies carries the replies, since BookKeeper does not; closed with the backend
     * @param faults told once if the log is made anew under way
     * @param nanoClock like {@link System#nanoTime}, for timeouts only
     * @param random spreads take-overs; decides nothing else
     * @return the running backend, to be closed by the caller
     * @throws LogUnavailableException if ZooKeeper does not answer within the start timeout
     * @throws io.hermes.log.LogRefusedException if the address for appends of others is taken
     */
    public static BookKeeperLogBackend open(
            BookKeeperConfig config,
            ReplyBus replies,
            FaultHandler faults,
            LongSupplier nanoClock,
            RandomGenerator random) {
        return BookKeeperConnection.open(config, replies, faults, nanoClock, random);
    }

    @Override
    public OrderedLog log() {
        return log;
    }

    @Override
    public ReplyBus replies() {
        return replies;
    }

    @Override
    public Bulletin bulletin() {
        return bulletin;
    }

    /** None of its own: the launcher puts one beside. */
    @Override
    public @Nullable ReplicaLink link() {
        return null;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            replies.close();
            bulletin.close();
            log.close();
            connection.close();
        }
    }

    /** For tests: this process writes from now on, as if the present sequencer had been silent. */
    void takeOver() {
        log.loop().takeOver();
    }

    /** Whether this process writes, as far as it knows. */
    boolean isSequencer() {
        return log.loop().isSequencer();
    }

    /** For tests: ends as if the process had died, as far as one that lives can. */
    void abandon() {
        log.loop().abandon();
        close();
    }
}

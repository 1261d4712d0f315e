package io.hermes.ingress;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty's threads. Jetty has a connection whose request was answered by another thread go on with its next request on one of these, each
 * connection on its own, so that each answer would wake a thread. Answers come in bursts: here one thread goes on with all connections of a
 * burst, once it is over and their clients have had a moment to ask again. If one of them keeps that thread busy, another goes on with the rest.
 *
 * <p>Nothing rests on that: what Jetty hands over in another way is executed as in any pool.
 */
final class IngressThreads extends QueuedThreadPool implements AnswerBursts {

    private static final long BUSY_NANOS = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(IngressThreads.class);

    // Any thread answers; one of these goes on.
    private final Queue<Runnable> answered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bursts = new AtomicInteger();
    private final AtomicBoolean goingOn = new AtomicBoolean();
    private final LongSupplier nanoClock;
    // Set by whoever goes on, for each connection; and by who wakes another since it took too long.
    private final AtomicLong presentSinceNanos = new AtomicLong();

    IngressThreads(int max, LongSupplier nanoClock) {
        super(max);
        this.nanoClock = nanoClock;
        setName("ingress-http");
    }

    @Override
    public void begin() {
        bursts.incrementAndGet();
    }

    @Override
    public void end() {
        bursts.decrementAndGet();
        wakeOne();
    }

    @Override
    public void execute(Runnable task) {
        if (task instanceof Connection) {
            answered.add(task);
            wakeOne();
        } else {
            super.execute(task);
        }
    }

    /** Sees to it that nobody waits for one connection for long; to be called some times a second, whatever else happens. */
    void tick() {
        wakeOne();
    }

    /** Unless nobody waits, a burst lasts, or somebody is at it. */
    private void wakeOne() {
        if (!isWaited() || (!goingOn.compareAndSet(false, true) && !replaces())) {
            return;
        }
        try {
            super.execute(this::goOn);
        } catch (RejectedExecutionException e) {
            // Closed: so are the connections.
            goingOn.set(false);
            answered.clear();
        }
    }

    private boolean isWaited() {
        return bursts.get() == 0 && !answered.isEmpty();
    }

    /** Whether the present connection takes too long, and we are the first to see it. */
    private boolean replaces() {
        long since = presentSinceNanos.get();
        long now = nanoClock.getAsLong();
        return now - since >= BUSY_NANOS && presentSinceNanos.compareAndSet(since, now);
    }

    private void goOn() {
        do {
            for (Runnable next = answered.poll(); next != null; next = answered.poll()) {
                presentSinceNanos.set(nanoClock.getAsLong());
                goOn(next);
            }
            goingOn.set(false);
            // Whoever added one before that has found this thread at work.
        } while (isWaited() && goingOn.compareAndSet(false, true));
    }

    private static void goOn(Runnable connection) {
        try {
            connection.run();
        } catch (RuntimeException | Error e) { // the loop's edge: the other connections go on
            LOG.error("going on after a failure of one connection", e);
        }
    }
}

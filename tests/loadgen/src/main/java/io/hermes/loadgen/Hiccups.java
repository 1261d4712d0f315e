package io.hermes.loadgen;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long this machine kept a thread waiting that had nothing to do but to wake up: what it shows is no server's doing. The method is
 * that of Gil Tene's jHiccup.
 */
final class Hiccups implements AutoCloseable {

    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Thread thread = new Thread(this::sleepOnAndOn, "loadgen-hiccups-0");
    // Written by the sleeping thread, taken by the loop's.
    private final AtomicLong worstNanos = new AtomicLong();
    private volatile boolean closed;

    Hiccups() {
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The longest since it was last asked. */
    long takeWorstNanos() {
        return worstNanos.getAndSet(0);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void sleepOnAndOn() {
        long before = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(SLEEP_NANOS);
            long now = System.nanoTime();
            worstNanos.accumulateAndGet(now - before - SLEEP_NANOS, Math::max);
            before = now;
        }
    }
}

package io.hermes.loadgen;

import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes a selector when requests are due: a selector's own timeout counts in milliseconds, which would show in every latency of
 * the open loop.
 */
final class Ticker implements AutoCloseable {

    /** Below this, one wake-up starts several requests. */
    private static final long PERIOD_NANOS_MIN = 100_000;

    private final Selector selector;
    private final double periodNanos;
    private final Thread thread;
    // Written by whoever closes, read by the ticking thread.
    private volatile boolean closed;
    // Written before the thread begins.
    private long firstNanos;

    Ticker(Selector selector, double intervalNanos) {
        this.selector = selector;
        this.periodNanos = Math.max(intervalNanos, PERIOD_NANOS_MIN);
        this.thread = new Thread(this::tick, "loadgen-ticker-0");
        thread.setDaemon(true);
    }

    void start(long nanos) {
        firstNanos = nanos;
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void tick() {
        long ticks = 0;
        while (!closed) {
            long now = System.nanoTime();
            long due = firstNanos + (long) (ticks * periodNanos);
            if (now < due) {
                LockSupport.parkNanos(due - now);
                continue;
            }
            ticks = Math.max(ticks + 1, (long) ((now - firstNanos) / periodNanos));
            selector.wakeup();
        }
    }
}

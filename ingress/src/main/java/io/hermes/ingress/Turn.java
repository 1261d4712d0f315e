package io.hermes.ingress;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads that were sent together. The next ones gather while the present turn lasts: so there is no wait on an idle ingress, and the
 * busier it is the more reads share a barrier, a piece on the link and a write to the app.
 */
final class Turn {

    /** A turn that lasts longer, since its reads are slow, holds nobody up. */
    private static final long HOLD_NANOS_MAX = 3_000_000;

    private final long begunNanos;
    private final Runnable onDone;
    // Jetty's, the log's, the inbox's and the ingress loop's threads take reads out.
    private final AtomicInteger left;

    /**
     * Begins a turn.
     *
     * @param reads so many were sent
     * @param begunNanos now
     * @param onDone called once, when the last one is answered
     */
    Turn(int reads, long begunNanos, Runnable onDone) {
        this.left = new AtomicInteger(reads);
        this.begunNanos = begunNanos;
        this.onDone = onDone;
    }

    /** A read is answered, or was given up. */
    void leave() {
        if (left.decrementAndGet() == 0) {
            onDone.run();
        }
    }

    /** Whether the next reads may be sent. */
    boolean isOver(long nowNanos) {
        return left.get() <= 0 || nowNanos - begunNanos >= HOLD_NANOS_MAX;
    }
}

package io.hermes.ingress;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads that were sent together. The next ones gather while the present turn lasts, and, after a large one, a moment longer, since
 * those who were just answered are about to ask again, unless as many wait already. So there is no wait on an idle ingress, and the busier it is the more reads
 * share a barrier, a piece on the link and a write to the app.
 */
final class Turn {

    /** A turn that lasts longer, since its reads are slow, holds nobody up. */
    private static final long HOLD_NANOS_MAX = 3_000_000;
    /** A turn of so many reads is a large one. */
    private static final int LARGE = 12;

    private final int reads;
    private final Clocks clocks;
    private final Runnable onOver;
    private final long begunNanos;
    private final long gatherNanos;
    // Jetty's, the log's, the inbox's and the ingress loop's threads take reads out.
    private final AtomicInteger left;
    // Written by whoever takes the last one out.
    private volatile long overNanos;

    /**
     * Begins a turn.
     *
     * @param reads so many were sent
     * @param gatherNanos how much longer the next reads gather after a large turn
     * @param clocks of this process
     * @param onOver called once, when the next reads may be sent, unless that is because the turn lasts too long
     */
    Turn(int reads, long gatherNanos, Clocks clocks, Runnable onOver) {
        this.reads = reads;
        this.clocks = clocks;
        this.onOver = onOver;
        this.begunNanos = clocks.nano().getAsLong();
        this.gatherNanos = reads >= LARGE ? gatherNanos : 0;
        this.overNanos = begunNanos;
        this.left = new AtomicInteger(reads);
    }

    /** A read is answered, or was given up. */
    void leave() {
        // The last one to write counts, and whoever sees that none is left sees it.
        overNanos = clocks.nano().getAsLong() + gatherNanos;
        if (left.decrementAndGet() == 0) {
            if (gatherNanos > 0) {
                clocks.later().after(gatherNanos, onOver);
            } else {
                onOver.run();
            }
        }
    }

    /** Whether all are answered and as many have come since: those who were just answered have asked again, so nobody else is waited for. */
    boolean isFollowedBy(int come) {
        return left.get() <= 0 && come >= reads;
    }

    /** Whether the next reads may be sent. */
    boolean isOver(long nowNanos) {
        return left.get() <= 0 ? nowNanos - overNanos >= 0 : nowNanos - begunNanos >= HOLD_NANOS_MAX;
    }
}

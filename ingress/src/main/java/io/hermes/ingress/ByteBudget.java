package io.hermes.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes that wait for something: bodies that have begun to arrive and are not complete, reads with what is held for them. Many
 * at once must not fill the memory. Any thread.
 */
final class ByteBudget {

    private final long bytesMax;
    // Taken and given back on many threads, at different times of one upload or read.
    private final AtomicLong taken = new AtomicLong();

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes bytes out of the budget, unless that would overdraw it. */
    boolean tryTake(long bytes) {
        if (taken.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}

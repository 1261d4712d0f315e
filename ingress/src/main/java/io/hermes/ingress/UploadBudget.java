package io.hermes.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of bodies that have begun to arrive and are not complete: many slow uploads at once must not fill the
 * memory. Any thread.
 */
final class UploadBudget {

    private final long bytesMax;
    // Taken and given back on many threads of Jetty's, at different times of one upload.
    private final AtomicLong taken = new AtomicLong();

    UploadBudget(long bytesMax) {
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

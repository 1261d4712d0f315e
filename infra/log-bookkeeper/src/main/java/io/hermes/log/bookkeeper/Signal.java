package io.hermes.log.bookkeeper;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the one thread that waits for it; remembers a call that came too early. */
final class Signal {

    private final Semaphore permits = new Semaphore(0);

    void wake() {
        permits.release();
    }

    /**
     * Waits for a call since the last wait.
     *
     * @return false if none came in time
     */
    boolean await(long nanos) {
        try {
            if (!permits.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
                return false;
            }
            permits.drainPermits();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

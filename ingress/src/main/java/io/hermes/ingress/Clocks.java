package io.hermes.ingress;

import java.util.function.LongSupplier;

/**
 * The clocks of one process.
 *
 * @param millis milliseconds since 1970; log time comes from it
 * @param nano monotonic; time-outs come from it
 * @param later has something done after a short while
 */
public record Clocks(LongSupplier millis, LongSupplier nano, Later later) {

    /** Has something done after a while, on a thread of its own. */
    public interface Later {

        /**
         * Has something done once.
         *
         * @param nanos from now, or somewhat more
         * @param task must not block
         */
        void after(long nanos, Runnable task);
    }

    /**
     * Clocks of a process that waits for nothing shorter than a tick.
     *
     * @param millis milliseconds since 1970
     * @param nano monotonic
     */
    public Clocks(LongSupplier millis, LongSupplier nano) {
        this(millis, nano, (nanos, task) -> {
            // The next tick does it.
        });
    }

    /**
     * The same, with short whiles.
     *
     * @param timer has something done after a short while
     * @return a copy
     */
    Clocks with(Later timer) {
        return new Clocks(millis, nano, timer);
    }
}

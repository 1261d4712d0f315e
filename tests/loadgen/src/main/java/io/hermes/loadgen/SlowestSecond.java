package io.hermes.loadgen;

/**
 * The second of a run in which a request took longest, counted from when it was answered.
 *
 * @param second of the run, from 1; 0 if nothing was answered
 * @param maxNanos the longest latency
 * @param hiccupNanos the longest that this machine kept an idle thread waiting in that second or the one before
 */
record SlowestSecond(long second, long maxNanos, long hiccupNanos) {

    static final SlowestSecond NONE = new SlowestSecond(0, 0, 0);

    /** The slower of two. */
    SlowestSecond or(SlowestSecond other) {
        return other.maxNanos > maxNanos ? other : this;
    }
}

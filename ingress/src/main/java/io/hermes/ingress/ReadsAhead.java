package io.hermes.ingress;

/**
 * Whether reads are worth sending to a replica before their barrier has its position. While nothing but barriers is ordered the
 * replica has applied enough already; while requests are, it mostly has not, and the app would have executed the reads twice. So the
 * first answer of each try decides: after one that did not count, the next 1, 2, 4 … 64 times are let pass.
 */
final class ReadsAhead {

    private static final int PASSES_MAX = 64;

    // Guarded by this: Jetty's, the log's and the inbox's threads.
    private boolean undecided;
    private int passes;
    private int left;

    /** Whether to try it this time; then the next answer that is judged says what it was worth. */
    synchronized boolean isWorthATry() {
        if (left > 0) {
            left--;
            return false;
        }
        undecided = true;
        return true;
    }

    /** An answer was judged: it counted, or was given too early. */
    synchronized void onJudged(boolean counted) {
        if (undecided) {
            undecided = false;
            passes = counted ? 0 : Math.min(PASSES_MAX, Math.max(1, 2 * passes));
            left = passes;
        }
    }
}

package io.hermes.ingress;

import org.jspecify.annotations.Nullable;

/**
 * Whether reads are worth sending to a replica before their barrier has its position. While nothing but barriers is ordered the
 * replica has applied enough already; while requests are, it mostly has not, and the app would have executed the reads twice. So the
 * first answer of each try decides: after one that did not count, the next 1, 2, 4 … 64 times are let pass.
 */
final class ReadsAhead {

    private static final int PASSES_MAX = 64;

    // Guarded by this: Jetty's, the log's and the inbox's threads.
    private int passes;
    private int left;

    /** Reads that were sent ahead together. */
    final class Try {
        private boolean decided;

        private Try() {}

        /** An answer to one of them was judged: it counted, or was of no use. */
        void onJudged(boolean counted) {
            synchronized (ReadsAhead.this) {
                if (!decided) {
                    decided = true;
                    passes = counted ? 0 : Math.min(PASSES_MAX, Math.max(1, 2 * passes));
                    left = passes;
                }
            }
        }
    }

    /** Begins a try, if it is worth one this time; null if not. */
    synchronized @Nullable Try begin() {
        if (left > 0) {
            left--;
            return null;
        }
        return new Try();
    }
}

package io.hermes.proto;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint knows of the comparison of replicas.
 *
 * @param open the present window; null if there is none
 * @param digests the last of each replica and window, as far as verdicts follow from them
 * @param decided what followed so far
 * @param own digests that the replica itself has found, whether or not they stand in the log
 */
public record Comparison(
        @Nullable Open open, List<WindowDigestRecord> digests, Decided decided, List<WindowDigestRecord> own) {

    /** Nothing was compared. */
    public static final Comparison NONE = new Comparison(null, List.of(), Decided.NOTHING, List.of());

    /**
     * Copies the lists.
     *
     * @param open kept
     * @param digests copied
     * @param decided kept
     * @param own copied
     */
    public Comparison {
        digests = List.copyOf(digests);
        own = List.copyOf(own);
    }

    /**
     * The answers of a window so far.
     *
     * @param window its number
     * @param after it holds requests after this position
     * @param skipped requests given up so far
     * @param size requests that it will hold
     * @param digestHeaders header fields that it compares
     * @param entries as in {@link WindowEntries}
     * @param incomplete whether an answer in it is not known
     */
    @SuppressWarnings("ArrayRecordComponent") // Copied by nobody, so its owner must not change it.
    public record Open(
            long window,
            long after,
            long skipped,
            int size,
            List<String> digestHeaders,
            byte[] entries,
            boolean incomplete) {}

    /**
     * What was decided.
     *
     * @param quarantined the replica that is to be rebuilt; empty if none is
     * @param quarantinedRun the run of its app that was contradicted
     * @param quarantinedAfter position after which it was; through that one none of its answers is known to be wrong
     * @param quarantineMillis log time of the last decision to rebuild one; 0 if there was none
     * @param equalBelow the last window in which all were equal, plus 1
     * @param unequal windows in which replicas differed
     * @param alarm what is wrong at present; empty if nothing is
     * @param reported what was found about the windows that are still looked at, so that it is found once
     */
    public record Decided(
            String quarantined,
            String quarantinedRun,
            long quarantinedAfter,
            long quarantineMillis,
            long equalBelow,
            long unequal,
            String alarm,
            List<String> reported) {

        /** Nothing yet. */
        public static final Decided NOTHING = new Decided("", "", 0, 0, 0, 0, "", List.of());

        /**
         * Copies the list.
         *
         * @param quarantined kept
         * @param quarantinedRun kept
         * @param quarantinedAfter kept
         * @param quarantineMillis kept
         * @param equalBelow kept
         * @param unequal kept
         * @param alarm kept
         * @param reported copied
         */
        public Decided {
            reported = List.copyOf(reported);
        }
    }
}

package io.hermes.proto;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica knows besides its app's own state, as of a position: the duplicate table and what else decides how the next
 * record is taken.
 *
 * @param logIdentity of the log that positions belong to
 * @param position everything up to it was applied
 * @param executedThrough the last request up to there that may have changed the app's state: an app that is not as far cannot
 *     go on from here
 * @param logTimeMillis log time there
 * @param horizon requests accepted knowing less than this position may repeat forgotten ones
 * @param rowsLost whether incarnations of ingresses were forgotten altogether
 * @param settings in force there
 * @param initialState digest of what the apps began with; null while that is open
 * @param honouredSkips positions of requests that were given up before the app was given them
 * @param rows the ingresses, the one that was silent longest first
 * @param entries the remembered requests, in the order in which they will be forgotten
 * @param anchor what ties it to the log
 * @param comparison of the replicas
 */
public record Checkpoint(
        String logIdentity,
        long position,
        long executedThrough,
        long logTimeMillis,
        long horizon,
        boolean rowsLost,
        Settings settings,
        @Nullable String initialState,
        List<Long> honouredSkips,
        List<Row> rows,
        List<Entry> entries,
        Anchor anchor,
        Comparison comparison) {

    /**
     * Copies the lists.
     *
     * @param logIdentity kept
     * @param position kept
     * @param executedThrough kept
     * @param logTimeMillis kept
     * @param horizon kept
     * @param rowsLost kept
     * @param settings kept
     * @param initialState kept
     * @param honouredSkips copied
     * @param rows copied
     * @param entries copied
     * @param anchor kept
     * @param comparison kept
     */
    public Checkpoint {
        honouredSkips = List.copyOf(honouredSkips);
        rows = List.copyOf(rows);
        entries = List.copyOf(entries);
    }

    /**
     * Without an anchor and a comparison.
     *
     * @param logIdentity of the log that positions belong to
     * @param position everything up to it was applied
     * @param executedThrough the last request up to there that may have changed the app's state
     * @param logTimeMillis log time there
     * @param horizon requests accepted knowing less than this position may repeat forgotten ones
     * @param rowsLost whether incarnations of ingresses were forgotten altogether
     * @param settings in force there
     * @param initialState digest of what the apps began with; null while that is open
     * @param honouredSkips positions of requests that were given up before the app was given them
     * @param rows the ingresses
     * @param entries the remembered requests
     */
    public Checkpoint(
            String logIdentity,
            long position,
            long executedThrough,
            long logTimeMillis,
            long horizon,
            boolean rowsLost,
            Settings settings,
            @Nullable String initialState,
            List<Long> honouredSkips,
            List<Row> rows,
            List<Entry> entries) {
        this(
                logIdentity,
                position,
                executedThrough,
                logTimeMillis,
                horizon,
                rowsLost,
                settings,
                initialState,
                honouredSkips,
                rows,
                entries,
                Anchor.NONE,
                Comparison.NONE);
    }

    /**
     * What ties a checkpoint to the log.
     *
     * @param knownSkips positions up to the checkpoint's that operators gave up, as far as the replica knew
     * @param recordSha256 digest of the record at the checkpoint's position, hexadecimal; empty if it is not known
     */
    public record Anchor(List<Long> knownSkips, String recordSha256) {

        /** Nothing is known. */
        public static final Anchor NONE = new Anchor(List.of(), "");

        /**
         * Copies the list.
         *
         * @param knownSkips copied
         * @param recordSha256 kept
         */
        public Anchor {
            knownSkips = List.copyOf(knownSkips);
        }
    }

    /** What is remembered of a request. */
    public enum EntryState {
        /** It was delivered. */
        DELIVERED,
        /** Its ingress does not know whether it was ordered; it may come. */
        RESERVED,
        /** It was cancelled before it was delivered. */
        CANCELLED
    }

    /**
     * What is known of one incarnation of an ingress.
     *
     * @param incarnation which one
     * @param releasedBelow its numbers below this one are finished
     * @param lastPosition of its last record
     * @param lastTimeMillis of its last record, log time
     * @param lossy whether requests of it were forgotten that were not finished
     */
    public record Row(
            Incarnation incarnation, long releasedBelow, long lastPosition, long lastTimeMillis, boolean lossy) {}

    /**
     * One remembered request.
     *
     * @param id what it is called
     * @param principal on whose behalf it was asked
     * @param first the exchange of the record that was the request; null while there was none
     * @param position where it stands
     * @param timeMillis log time from which it is kept
     * @param fingerprint of the request; null while there was none
     * @param state what became of it
     * @param named whether it is kept as one that clients may name
     * @param answer the app's; null if it is not kept, or not known here
     * @param missing whether the answer is known to other replicas only
     */
    public record Entry(
            RequestId id,
            String principal,
            @Nullable CorrelationId first,
            long position,
            long timeMillis,
            @Nullable Fingerprint fingerprint,
            EntryState state,
            boolean named,
            @Nullable Answer answer,
            boolean missing) {}
}

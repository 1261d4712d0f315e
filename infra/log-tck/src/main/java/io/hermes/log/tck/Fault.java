package io.hermes.log.tck;

/**
 * What the log of a {@link FaultyLogBackend} does wrong. Where a fault strikes records, it strikes those whose text is an {@code r} and a
 * number that ends in 7: so a run can be repeated, and the same record is struck in whichever order writers come.
 */
public enum Fault {
    /** Acknowledges records and loses them. */
    LOSES,
    /** Stores records twice. */
    REPEATS,
    /** Delivers two neighbouring records in the wrong order, to every second reader. */
    REORDERS,
    /** Puts a record that is appended later before one that was acknowledged. */
    OVERTAKES,
    /** Changes a byte of records. */
    ALTERS,
    /** Delivers the record at which a reader begins, and not only what comes after it. */
    REVISITS,
    /** Says that it rejected a too long record, and stores its beginning. */
    LIES,
    /** Skips what was trimmed without telling. */
    SKIPS,
    /** Forgets one record more than it was allowed to. */
    OVERTRIMS,
    /** Knows a tail beyond the last record. */
    BOASTS,
    /** Never learns that the log has grown. */
    STALLS,
    /** Rejects the longest record that it promised to take. */
    SHRINKS,
    /** Forgets records when the brokers are restarted. */
    FORGETS,
    /** Forgets records when another process becomes the one that writes. */
    DISINHERITS,
    /** Takes records after it was closed. */
    LINGERS
}

package io.hermes.log.tck;

/** What a {@link FaultyLogBackend} does wrong. */
public enum Fault {
    /** Acknowledges every tenth record and forgets it. */
    LOSES,
    /** Stores every tenth record twice. */
    REPEATS,
    /** Delivers two neighbouring records in the wrong order, to every second reader. */
    REORDERS,
    /** Skips what was trimmed without telling. */
    FORGETS,
    /** Changes a byte of every tenth record. */
    ALTERS,
    /** Says that it rejected a too long record, and stores its beginning. */
    LIES
}

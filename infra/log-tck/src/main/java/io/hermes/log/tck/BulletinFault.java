package io.hermes.log.tck;

/** What the board of a {@link FaultyLogBackend} does wrong. */
public enum BulletinFault {
    /** Does not tell new watchers what was there before. */
    FORGETS,
    /** Tells the value before the latest once more, after the latest. */
    REVERTS,
    /** Does not tell that a key was withdrawn. */
    HIDES,
    /** Shows withdrawn keys to new watchers. */
    REVIVES,
    /** Goes on telling after the watch was closed. */
    LINGERS
}

package io.hermes.log.tck;

/** What the reply bus of a {@link FaultyLogBackend} does wrong. */
public enum ReplyFault {
    /** Loses replies whose text ends in 7. */
    LOSES,
    /** Hands replies whose text ends in 7 over twice. */
    REPEATS,
    /** Cuts long replies. */
    CUTS,
    /** Sends each reply to all inboxes. */
    STRAYS,
    /** Throws if nobody ever had the address. */
    THROWS,
    /** Goes on handing over after the inbox was closed. */
    LINGERS,
    /** Has not begun to listen when it says so: loses the text {@code first}. */
    OVERSLEEPS
}

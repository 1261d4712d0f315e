package io.hermes.applier;

/** The places at which a test may end this process, one for each step of the loop that changes what a crash there leaves. */
public enum Failpoint {
    /** Records were read from the log, nothing was done with them. */
    AFTER_READ,
    /** Requests are about to be sent to the app. */
    BEFORE_CALL,
    /** The app has answered, nothing of that is remembered. */
    AFTER_ANSWER,
    /** A checkpoint is about to be written. */
    BEFORE_CHECKPOINT,
    /** A checkpoint lies on disk under a name that does not count yet. */
    INSIDE_CHECKPOINT,
    /** Replies are about to be sent. */
    BEFORE_REPLY,
    /** A snapshot lies on disk under a name that does not count yet. */
    INSIDE_SNAPSHOT,
    /** A snapshot is on disk, nobody was told. */
    AFTER_SNAPSHOT,
    /** Another replica is about to be sent a piece of the app's state. */
    INSIDE_SENDING,
    /** The app's state was brought back from a snapshot, the app was not started. */
    INSIDE_RESTORE;

    /** What a test calls it: lower case, with dashes. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}

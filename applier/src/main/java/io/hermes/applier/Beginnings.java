package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What incarnations of the app begin with: a snapshot, or something else, or nothing. Used by the loop's thread. */
interface Beginnings {

    /** Every incarnation begins with nothing but what its host gives it. */
    Beginnings NOTHING = new Beginnings() {};

    /**
     * A snapshot to begin with.
     *
     * @param manifest of the snapshot
     * @param checkpoint in it
     */
    record Chosen(SnapshotManifest manifest, Checkpoint checkpoint) {}

    /**
     * What a snapshot has to fit.
     *
     * @param logIdentity of the log in use
     * @param skips requests that operators gave up, as far as this run knows
     * @param initialState digest of what this replica's app would begin with
     */
    record Need(String logIdentity, Map<Long, String> skips, String initialState) {}

    /**
     * Goes one step on in deciding what the next incarnation begins with. {@link #chosen} says it.
     *
     * @param need what a snapshot has to fit
     * @return false if it is not decided; then call again soon
     * @throws IllegalStateException if there is nothing to begin with, and nothing came in time
     */
    default boolean decide(Need need) {
        return true;
    }

    /** The next incarnation goes on with the state that the app has. */
    default void chooseNothing() {}

    /** Whether an app that keeps its state has none yet, so that it may be given one. */
    default boolean mayFillEmptyApp() {
        return false;
    }

    /** For people: what is being waited for. */
    default String progress() {
        return "";
    }

    /** The snapshot that the incarnation begins with; null for none. */
    default @Nullable Chosen chosen() {
        return null;
    }

    /**
     * Begins an incarnation of the app. If it is for the host to give it what was decided on, it does.
     *
     * @throws AppGoneException if it could not be filled or started; trying again later may help
     */
    default void begin(AppHost host) throws AppGoneException {
        host.begin();
    }

    /**
     * Brings what was decided on back now that the app listens, if that is the time for it.
     *
     * @throws AppGoneException if that failed; a snapshot is not chosen again then
     */
    default void restoreWhenListening() throws AppGoneException {}

    /** The snapshot that was chosen does not fit the log after all: it is not chosen again. */
    default void reject(long position, String why) {}

    /**
     * Why nothing can take the place of where the app is.
     *
     * @param keepsState whether the app's state outlives an incarnation
     * @return null if something can
     */
    default @Nullable String whyNoOther(boolean keepsState) {
        return "there is nothing else to start from";
    }

    /**
     * The log no longer holds what follows a position.
     *
     * @param position that the replica was at
     */
    default void onTrimmed(long position) {}
}

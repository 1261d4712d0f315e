package io.hermes.applier;

import org.jspecify.annotations.Nullable;

/**
 * How much of an app's state goes on from one incarnation to the next, and who knows it: what distinguishes the kinds of app.
 * Used by the loop's thread.
 */
public interface Continuity {

    /**
     * Whether the app's state outlives an incarnation. If so the replica keeps checkpoints of what it knows itself.
     *
     * @return never changes
     */
    boolean keepsState();

    /**
     * How far the app is. Asked when an incarnation has begun and the app listens.
     *
     * @return the position of the last request that it has executed, or a later one before the next; 0 if it has executed none
     * @throws AppGoneException if it cannot be told now; trying again may help
     * @throws HaltException if only a person can tell
     */
    long executedThrough() throws AppGoneException, HaltException;

    /**
     * Whether each request is to be answered before the next one is sent, whatever the app would allow.
     *
     * @return never changes
     */
    default boolean oneAtATime() {
        return false;
    }

    /**
     * Requests are about to be sent.
     *
     * @param position of the last of them
     */
    void onCall(long position);

    /**
     * The app could not be reached: what was about to be sent was not.
     */
    default void onNotSent() {}

    /**
     * The app has answered.
     *
     * @param position of the request
     */
    void onAnswer(long position);

    /**
     * Whether another incarnation may give a request in doubt to the app again.
     *
     * @param doubt which request
     * @return null if it may; else what a person has to know
     */
    @Nullable
    String whyNotAgain(AppInDoubtException doubt);

    /** Ends what was opened. Idempotent. */
    default void close() {}
}

package io.hermes.applier;

import java.io.IOException;

/**
 * Begins and ends incarnations of the app. How much of the app's state survives from one to the next is what distinguishes
 * the kinds of app; the loop only asks for a new one whenever it can no longer vouch for the present one.
 */
public interface AppHost extends AutoCloseable {

    /**
     * Takes what the host needs; to be called once, before the first {@link #begin}.
     *
     * @throws IOException if it cannot be taken
     * @throws IllegalStateException if it belongs to somebody else
     */
    default void claim() throws IOException {}

    /** Ends any wait in {@link #begin} soon, with {@link AppGoneException}. Any thread; idempotent. */
    default void stop() {}

    /**
     * Ends the present incarnation, if there is one, and begins another. Returns when the app was started, not when it listens.
     *
     * @throws AppGoneException if it could not be started; trying again later may help
     */
    void begin() throws AppGoneException;

    /** What an incarnation begins with, instead of nothing. */
    interface Filling {

        /**
         * Whether it takes the place of the initial state, too.
         *
         * @return never changes
         */
        boolean replacesDirectory();

        /**
         * Puts the app's state where the app will find it.
         *
         * @throws IOException if that cannot be done
         */
        void fill() throws IOException;
    }

    /**
     * The same for an incarnation that begins with something. Does not call it where the app's directory is not ours: there the app
     * is given its state when it listens.
     *
     * @param filling called after the directory was wiped and before the app is started
     * @throws AppGoneException if it could not be filled or started; trying again later may help
     */
    default void begin(Filling filling) throws AppGoneException {
        begin();
    }

    /**
     * What the present incarnation was filled with has proved right. Until then the next one of an app that keeps its state would
     * begin with nothing of it.
     *
     * @throws IOException if that cannot be noted
     */
    default void keepFilling() throws IOException {}

    /**
     * Whether the incarnation that was begun last is still running.
     *
     * @return false before the first {@link #begin}
     */
    boolean isAlive();

    /** Ends the present incarnation, within 10 seconds. Idempotent. */
    @Override
    void close();
}

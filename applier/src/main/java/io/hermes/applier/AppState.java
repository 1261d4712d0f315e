package io.hermes.applier;

import java.io.IOException;
import java.nio.file.Path;

/** Gets an app's state into a file and back, while the app has nothing to do. Used by the loop's thread. */
interface AppState {

    /**
     * Writes the state into a file.
     *
     * @param file does not exist yet
     * @throws IOException if that cannot be done, or the state changed meanwhile; what the file holds then is of no use
     */
    void save(Path file) throws IOException;

    /**
     * Whether nothing else may be in the app's directory when the state is brought back.
     *
     * @return never changes
     */
    default boolean replacesDirectory() {
        return false;
    }

    /**
     * Whether the app has nothing yet, so that a state may be brought back without losing another. Asked before the app is started.
     *
     * @return false if it has something, or that cannot be told
     */
    default boolean isEmpty() {
        return false;
    }

    /**
     * Brings the state back before the app is started, if that is the time for it.
     *
     * @param file as {@link #save} left it
     * @throws IOException if that cannot be done
     */
    default void restoreBeforeStart(Path file) throws IOException {}

    /**
     * Brings the state back when the app listens, if that is the time for it.
     *
     * @param file as {@link #save} left it
     * @throws IOException if that cannot be done
     */
    default void restoreWhenListening(Path file) throws IOException {}
}

package io.hermes.log;

/**
 * A small board with the latest value of each key, on which processes announce who they are and how far they got.
 * Advisory: a reader may see values late, and no decision about order or state may rest on it.
 *
 * <ul>
 *   <li><b>B1</b> A watcher is told the latest value of each key that was published before it began to watch.
 *   <li><b>B2</b> It is told later values too, and of each key in the order of publication by one publisher; values in
 *       between may be left out.
 *   <li><b>B3</b> A withdrawn key is reported as withdrawn to watchers that knew it, and not shown to new ones.
 *   <li><b>B4</b> A closed watch is told nothing any more.
 * </ul>
 */
public interface Bulletin extends AutoCloseable {

    /** What a watcher is told; called on one thread of the backend at a time, and must not block. */
    interface Watcher {

        /**
         * A key has a new value (B1, B2).
         *
         * @param key as published
         * @param value as published; belongs to the watcher
         */
        void onValue(String key, byte[] value);

        /**
         * A key was withdrawn (B3).
         *
         * @param key as published
         */
        void onWithdrawn(String key);
    }

    /** A running watch. */
    interface Watch extends AutoCloseable {

        /** Ends the watch (B4). Idempotent. */
        @Override
        void close();
    }

    /**
     * Puts a value up, in place of the key's earlier one (B1, B2). Does not block; may be lost while the backend is out of
     * reach, so publish again every second.
     *
     * @param key printable, at most 200 characters
     * @param value at most 64 KiB; belongs to the board from now on
     */
    void publish(String key, byte[] value);

    /**
     * Takes a key down (B3). Does not block.
     *
     * @param key as published
     */
    void withdraw(String key);

    /**
     * Watches the whole board (B1, B2, B3).
     *
     * @param watcher told of every value
     * @return to be closed by the caller
     */
    Watch watch(Watcher watcher);

    /** Ends the board's threads and its watches, within 10 seconds. Idempotent. */
    @Override
    void close();
}

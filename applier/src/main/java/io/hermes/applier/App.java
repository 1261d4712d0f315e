package io.hermes.applier;

import java.util.List;

/** The co-located copy of the service, as the loop sees it. Owned by the loop's thread. */
public interface App extends AutoCloseable {

    /** Told of answers as they come, on the thread that called {@link App#apply}. */
    interface Answers {

        /**
         * The app has executed a call.
         *
         * @param call the earliest call that was not answered yet
         * @param answer what the app said
         */
        void onAnswer(AppCall call, AppAnswer answer);

        /** Nothing more is there at this moment: the next answer will have to be waited for. */
        void onPause();
    }

    /**
     * Waits, with backoff and without bound, until the app accepts connections.
     *
     * @throws AppGoneException if the app's process ended, or this app was told to stop, before that
     */
    void awaitListening() throws AppGoneException;

    /**
     * Lets the app execute the calls in their order, and waits for all answers. Waits without bound, and with backoff, for an
     * app that does not accept connections: nothing was sent then.
     *
     * @param calls in log order
     * @param answers told of each, in the same order
     * @throws AppInDoubtException if a call was sent and its answer did not come
     * @throws AppGoneException if the app's process ended, or this app was told to stop, before the next call was sent
     */
    void apply(List<AppCall> calls, Answers answers) throws AppInDoubtException, AppGoneException;

    /**
     * Asks an app that knows it for its position.
     *
     * @return the highest {@code Hermes-Position} that its state holds; 0 if it holds none
     * @throws AppGoneException if it does not answer
     * @throws HaltException if what it answers is no position
     */
    long tellPosition() throws AppGoneException, HaltException;

    /**
     * From now on an app that is connected to anew, and can tell its position, must be at least there.
     *
     * @param position of the last request that may have changed its state
     */
    default void expectThrough(long position) {}

    /** Ends any wait soon, with {@link AppGoneException}. Any thread; idempotent. */
    default void stop() {}

    /** Drops the connection. Idempotent. */
    @Override
    void close();
}

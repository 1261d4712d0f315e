package io.hermes.log;

/** What one backend offers a process: the three ports over one connection to the same brokers. */
public interface LogBackend extends AutoCloseable {

    /**
     * The log.
     *
     * @return the same one at each call; closed with the backend
     */
    OrderedLog log();

    /**
     * The way of the replies.
     *
     * @return the same one at each call; closed with the backend
     */
    ReplyBus replies();

    /**
     * The board.
     *
     * @return the same one at each call; closed with the backend
     */
    Bulletin bulletin();

    /** Closes all three, within 20 seconds. Idempotent. */
    @Override
    void close();
}

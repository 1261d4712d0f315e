package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** What one backend offers a process: the ports over one connection to the same brokers, and the link beside them. */
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

    /**
     * The way from ingresses straight to replicas.
     *
     * @return the same one at each call, closed with the backend; null if there is none, then reads go through the log
     */
    @Nullable
    ReplicaLink link();

    /** Closes all of them, within 20 seconds. Idempotent. */
    @Override
    void close();
}

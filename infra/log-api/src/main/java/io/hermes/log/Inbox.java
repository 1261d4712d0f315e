package io.hermes.log;

/** The open end of a {@link ReplyBus} at which one incarnation of an ingress listens. */
public interface Inbox extends AutoCloseable {

    /**
     * What to write into requests so that replies come here.
     *
     * @return never changes
     */
    ReplyAddress address();

    /** Stops listening (R4). Idempotent. */
    @Override
    void close();
}

package io.hermes.log;

import java.util.function.Consumer;

/**
 * The way from an ingress straight to one replica, past the log: for what needs no order, such as reads. At most once, unordered,
 * losable, by the clauses of the {@link ReplyBus} that carries it (R1–R5) with the roles exchanged: here the replica listens.
 * Answers go the usual way of replies.
 */
public final class ReplicaLink implements AutoCloseable {

    private final ReplyBus bus;

    /**
     * Makes a link.
     *
     * @param bus carries the questions, and nothing else; closed with the link
     */
    public ReplicaLink(ReplyBus bus) {
        this.bus = bus;
    }

    /**
     * Begins to listen, at the replica's end.
     *
     * @param incarnation of the applier; unique among all that ever listened; printable, at most 100 characters
     * @param onQuestion called on one thread of the link, one question at a time; must not block. The bytes belong to it
     * @return whose address the bulletin tells to the ingresses; closed by the caller
     * @throws LogUnavailableException if nothing can listen there
     */
    public Inbox listen(String incarnation, Consumer<byte[]> onQuestion) {
        return bus.openInbox(incarnation, onQuestion);
    }

    /**
     * Asks a replica something, at most once. Does not block and does not say whether it arrived. Any thread.
     *
     * @param address as the replica told it
     * @param question belongs to the link from now on
     */
    public void ask(ReplyAddress address, byte[] question) {
        bus.reply(address, question);
    }

    /** Ends the link and who listens on it, within 10 seconds. Idempotent. */
    @Override
    public void close() {
        bus.close();
    }
}

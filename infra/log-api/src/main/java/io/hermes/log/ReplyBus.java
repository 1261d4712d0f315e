package io.hermes.log;

import java.util.function.Consumer;

/**
 * Carries replies from appliers back to the ingress that waits for them. Losable and unordered: correctness never
 * depends on it.
 *
 * <ul>
 *   <li><b>R1</b> A reply sent to the address of an open inbox arrives there with exactly its bytes, at most once, unless
 *       a process or the network fails.
 *   <li><b>R2</b> It arrives at no other inbox.
 *   <li><b>R3</b> Replies to an address that nobody listens on vanish without harm to their sender.
 *   <li><b>R4</b> After an inbox was closed nothing is handed over any more.
 *   <li><b>R5</b> An inbox gets every reply that was sent after {@code openInbox} returned.
 * </ul>
 */
public interface ReplyBus extends AutoCloseable {

    /**
     * Opens the inbox of one incarnation of an ingress (R1, R2, R5).
     *
     * @param incarnation unique among all inboxes ever opened on this bus; printable, at most 100 characters
     * @param onReply called on one thread of the bus, one reply at a time; must not block. The bytes belong to it
     * @return the open inbox
     * @throws LogUnavailableException if the bus cannot be reached within the backend's start timeout
     */
    Inbox openInbox(String incarnation, Consumer<byte[]> onReply);

    /**
     * Sends one reply, at most once (R1, R3). Does not block and does not say whether it arrived.
     *
     * @param address from the request
     * @param reply belongs to the bus from now on
     */
    void reply(ReplyAddress address, byte[] reply);

    /** Ends the bus and its inboxes, within 10 seconds. Idempotent. */
    @Override
    void close();
}

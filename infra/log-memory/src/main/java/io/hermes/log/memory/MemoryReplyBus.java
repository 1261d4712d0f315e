package io.hermes.log.memory;

import io.hermes.log.Inbox;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The reply bus of a {@link MemoryCluster}, as one process sees it. */
final class MemoryReplyBus implements ReplyBus {

    private final MemoryCluster cluster;
    // Concurrent: any thread opens, any closes.
    private final Set<MemoryInbox> open = ConcurrentHashMap.newKeySet();
    // Volatile: any thread closes, any replies.
    private volatile boolean closed;

    MemoryReplyBus(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Inbox openInbox(String incarnation, Consumer<byte[]> onReply) {
        if (closed) {
            throw new LogUnavailableException("the reply bus is closed", null);
        }
        MemoryInbox inbox =
                new MemoryInbox(cluster, new ReplyAddress(incarnation), new MemoryMailbox<>(onReply), open::remove);
        cluster.openInbox(incarnation, inbox.mailbox());
        open.add(inbox);
        return inbox;
    }

    @Override
    public void reply(ReplyAddress address, byte[] reply) {
        if (!closed) {
            cluster.scheduler().schedule(new ReplyTo(cluster, address, reply));
        }
    }

    @Override
    public void close() {
        closed = true;
        Set.copyOf(open).forEach(MemoryInbox::close);
    }

    private record MemoryInbox(
            MemoryCluster cluster, ReplyAddress address, MemoryMailbox<byte[]> mailbox, Consumer<MemoryInbox> onClosed)
            implements Inbox {

        @Override
        public void close() {
            cluster.closeInbox(address.value(), mailbox);
            mailbox.close();
            onClosed.accept(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // events are never compared
    private record ReplyTo(MemoryCluster cluster, ReplyAddress address, byte[] bytes) implements MemoryEvent {

        @Override
        public Kind kind() {
            return Kind.REPLY;
        }

        @Override
        public void happen() {
            MemoryMailbox<byte[]> inbox = cluster.inbox(address.value());
            if (inbox != null) {
                inbox.put(bytes);
                inbox.deliver();
            }
        }

        @Override
        public String toString() {
            return "reply to " + address.value();
        }
    }
}

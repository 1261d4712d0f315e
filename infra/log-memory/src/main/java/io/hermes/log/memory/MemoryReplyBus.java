package io.hermes.log.memory;

import io.hermes.log.Inbox;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The reply bus of a {@link MemoryCluster}, as one process sees it. */
final class MemoryReplyBus implements ReplyBus {

    private final MemoryCluster cluster;
    // Guarded by itself: any thread opens, any closes.
    private final List<Inbox> opened = new ArrayList<>();

    MemoryReplyBus(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Inbox openInbox(String incarnation, Consumer<byte[]> onReply) {
        cluster.openInbox(incarnation, onReply);
        Inbox inbox = new MemoryInbox(cluster, incarnation);
        synchronized (opened) {
            opened.add(inbox);
        }
        return inbox;
    }

    @Override
    public void reply(ReplyAddress address, byte[] reply) {
        byte[] bytes = reply.clone();
        cluster.scheduler().schedule(new Happening(MemoryEvent.Kind.REPLY, () -> {
            Consumer<byte[]> inbox = cluster.inbox(address.value());
            if (inbox != null) {
                inbox.accept(bytes);
            }
        }));
    }

    @Override
    public void close() {
        List<Inbox> left;
        synchronized (opened) {
            left = List.copyOf(opened);
            opened.clear();
        }
        left.forEach(Inbox::close);
    }

    private record MemoryInbox(MemoryCluster cluster, String incarnation) implements Inbox {

        @Override
        public ReplyAddress address() {
            return new ReplyAddress(incarnation);
        }

        @Override
        public void close() {
            cluster.closeInbox(incarnation);
        }
    }
}

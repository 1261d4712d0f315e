package io.hermes.log.memory;

import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;

/** One process's way to a {@link MemoryCluster}. */
public final class MemoryLogBackend implements LogBackend {

    private final MemoryOrderedLog log;
    private final MemoryReplyBus replies;
    private final MemoryBulletin bulletin;
    private final ReplicaLink link;

    /**
     * Connects a process.
     *
     * @param cluster shared with the other processes
     */
    public MemoryLogBackend(MemoryCluster cluster) {
        this.log = new MemoryOrderedLog(cluster);
        this.replies = new MemoryReplyBus(cluster);
        this.bulletin = new MemoryBulletin(cluster);
        this.link = new ReplicaLink(new MemoryReplyBus(cluster));
    }

    /**
     * The process dies: outstanding appends end unknown, and what is pending may happen all the same; nothing arrives here
     * any more.
     */
    public void crash() {
        close();
    }

    @Override
    public OrderedLog log() {
        return log;
    }

    @Override
    public ReplyBus replies() {
        return replies;
    }

    @Override
    public Bulletin bulletin() {
        return bulletin;
    }

    @Override
    public ReplicaLink link() {
        return link;
    }

    @Override
    public void close() {
        link.close();
        log.close();
        replies.close();
        bulletin.close();
    }
}

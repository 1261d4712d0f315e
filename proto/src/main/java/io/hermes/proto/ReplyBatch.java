package io.hermes.proto;

import java.util.List;

/**
 * What one replica sends to one ingress after a batch.
 *
 * @param replica the replica's name
 * @param incarnation the run of its applier
 * @param appliedThrough everything up to this position was applied
 * @param replies in log order
 * @param reads to reads that came past the log
 */
public record ReplyBatch(
        String replica, Incarnation incarnation, long appliedThrough, List<Reply> replies, List<ReadReply> reads) {

    /**
     * Copies the lists.
     *
     * @param replica kept
     * @param incarnation kept
     * @param appliedThrough kept
     * @param replies copied
     * @param reads copied
     */
    public ReplyBatch {
        replies = List.copyOf(replies);
        reads = List.copyOf(reads);
    }

    /**
     * Replies to records of the log only.
     *
     * @param replica the replica's name
     * @param incarnation the run of its applier
     * @param appliedThrough everything up to this position was applied
     * @param replies in log order
     */
    public ReplyBatch(String replica, Incarnation incarnation, long appliedThrough, List<Reply> replies) {
        this(replica, incarnation, appliedThrough, replies, List.of());
    }
}

package io.hermes.proto;

import java.util.List;

/**
 * What one replica sends to one ingress after a batch.
 *
 * @param replica the replica's name
 * @param incarnation the run of its applier
 * @param appliedThrough everything up to this position was applied
 * @param replies in log order
 */
public record ReplyBatch(String replica, Incarnation incarnation, long appliedThrough, List<Reply> replies) {

    /**
     * Copies the list.
     *
     * @param replica kept
     * @param incarnation kept
     * @param appliedThrough kept
     * @param replies copied
     */
    public ReplyBatch {
        replies = List.copyOf(replies);
    }
}

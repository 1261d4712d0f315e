package io.hermes.ingress;

import io.hermes.proto.Notice;
import java.util.List;

/**
 * How an ingress stands, as other threads may see it.
 *
 * @param ready whether it accepts requests
 * @param reason for people: why it does not; empty if all is well
 * @param pending requests that wait
 * @param seenThrough the highest position it knows
 * @param replicas what it heard of the replicas lately
 */
public record IngressStatus(
        boolean ready, String reason, int pending, long seenThrough, List<Notice.OfReplica> replicas) {

    /**
     * Copies the list.
     *
     * @param ready kept
     * @param reason kept
     * @param pending kept
     * @param seenThrough kept
     * @param replicas copied
     */
    public IngressStatus {
        replicas = List.copyOf(replicas);
    }
}

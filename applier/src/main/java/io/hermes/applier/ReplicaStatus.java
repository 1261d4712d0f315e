package io.hermes.applier;

import io.hermes.proto.ReplicaState;

/**
 * How far the replica is, as other threads may see it.
 *
 * @param state where it stands in its life
 * @param appliedThrough everything up to this position was applied
 * @param appliedRequests how many requests this incarnation of the app has executed
 * @param incarnations how many incarnations of the app were begun
 * @param logTimeMillis log time at that position
 * @param reason for people: what it waits for, or why it halted; empty if all is well
 */
public record ReplicaStatus(
        ReplicaState state,
        long appliedThrough,
        long appliedRequests,
        long incarnations,
        long logTimeMillis,
        String reason) {}

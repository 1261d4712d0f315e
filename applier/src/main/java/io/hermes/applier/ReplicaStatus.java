package io.hermes.applier;

import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;

/**
 * How far the replica is, as other threads may see it.
 *
 * @param state where it stands in its life
 * @param appliedThrough everything up to this position was applied
 * @param appliedRequests how many requests this incarnation of the app has executed
 * @param incarnations how many incarnations of the app were begun
 * @param logTimeMillis log time at that position
 * @param settings in force at that position
 * @param executedThrough the last request up to there that may have changed the app's state
 * @param divergence how it sees the comparison of all replicas
 * @param reason for people: what it waits for, or why it halted; empty if all is well
 */
public record ReplicaStatus(
        ReplicaState state,
        long appliedThrough,
        long appliedRequests,
        long incarnations,
        long logTimeMillis,
        Settings settings,
        long executedThrough,
        DivergenceStatus divergence,
        String reason) {

    /** Before anything was begun. */
    static final ReplicaStatus NOTHING_YET = new ReplicaStatus(
            ReplicaState.STARTING, 0, 0, 0, 0, Settings.BEFORE_ANY_RECORD, 0, DivergenceStatus.NOTHING_YET, "");
}

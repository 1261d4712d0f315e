package io.hermes.proto;

/**
 * How far a replica is. The order of the constants is the order of a life: {@code STARTING → REPLAYING → SERVING}, back to
 * {@code STARTING} whenever the app or the applier ends, {@code HALTED} when only a person can help, and {@code QUARANTINED} instead of
 * the first two while the replica is rebuilt because its answers were contradicted.
 */
public enum ReplicaState {
    /** The app is being started. */
    STARTING,
    /** The app executes what was ordered before this run. */
    REPLAYING,
    /** The app executes what comes in. */
    SERVING,
    /** Nothing is executed until a person acts. */
    HALTED,
    /** Its answers were contradicted by a majority: it is being rebuilt, and answers nobody meanwhile. */
    QUARANTINED
}

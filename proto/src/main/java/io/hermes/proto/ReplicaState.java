package io.hermes.proto;

/**
 * How far a replica is. The order of the constants is the order of a life: {@code STARTING → REPLAYING → SERVING}, back to
 * {@code STARTING} whenever the app or the applier ends, and {@code HALTED} when only a person can help.
 */
public enum ReplicaState {
    /** The app is being started. */
    STARTING,
    /** The app executes what was ordered before this run. */
    REPLAYING,
    /** The app executes what comes in. */
    SERVING,
    /** Nothing is executed until a person acts. */
    HALTED
}

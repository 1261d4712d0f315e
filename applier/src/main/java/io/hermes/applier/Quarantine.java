package io.hermes.applier;

import io.hermes.proto.ReplicaState;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What follows for a replica from a verdict that its app answered wrongly: from then on it answers nobody and takes no snapshot. It
 * has some time to lay open what it answered; then its snapshots since the difference are discarded, and it is rebuilt, which ends
 * when it serves again.
 *
 * <p>Owned by the loop's thread.
 */
final class Quarantine {

    /** Before it is rebuilt, a contradicted replica has so much time to lay open what it answered. */
    private static final Duration TELL_WITHIN = Duration.ofSeconds(10);

    private final Snapshots snapshots;
    private final LongSupplier nanoClock;

    private String reason = "";
    private long sinceNanos;

    Quarantine(Snapshots snapshots, LongSupplier nanoClock) {
        this.snapshots = snapshots;
        this.nanoClock = nanoClock;
    }

    boolean isInForce() {
        return !reason.isEmpty();
    }

    /** Why; empty if it is not in force. */
    String reason() {
        return reason;
    }

    /**
     * Begins it, unless it is in force.
     *
     * @return whether it begins now
     */
    boolean begin(String why) {
        if (isInForce()) {
            return false;
        }
        reason = why;
        sinceNanos = nanoClock.getAsLong();
        return true;
    }

    /**
     * Ends the wait for what the replica has to tell, if all was told or too much time has passed: its own snapshots that may be wrong
     * are discarded then.
     *
     * @return whether the app is to be begun anew now
     */
    boolean isToRebuild(Divergence divergence) {
        if (!divergence.hasTold() && nanoClock.getAsLong() - sinceNanos <= TELL_WITHIN.toNanos()) {
            return false;
        }
        snapshots.discardOwnAfter(divergence.rightThrough());
        return true;
    }

    /** The replica serves with another incarnation of its app. */
    void end() {
        reason = "";
    }

    /** What others are told of a replica in some state: whoever is halted needs a person, whatever came before. */
    boolean isToldInsteadOf(ReplicaState state) {
        return isInForce() && state != ReplicaState.HALTED;
    }
}

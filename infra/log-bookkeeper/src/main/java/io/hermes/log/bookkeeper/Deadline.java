package io.hermes.log.bookkeeper;

import io.hermes.log.AppendOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** When an append of this process ends at the latest, and how. Knows nothing of the record, which may be freed before. */
final class Deadline {

    private enum Whereabouts {
        /** Handed to a route, or about to be: it may be on its way to a bookie. */
        AWAY,
        /** Here, and nowhere else. */
        HERE,
        /** Nobody may send it any more. */
        REJECTED
    }

    private final long nanos;
    private final CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();
    // Atomic: a timer gives up what another thread is about to send.
    private final AtomicReference<Whereabouts> whereabouts = new AtomicReference<>(Whereabouts.AWAY);

    Deadline(long nanos) {
        this.nanos = nanos;
    }

    long nanos() {
        return nanos;
    }

    CompletableFuture<AppendOutcome> outcome() {
        return outcome;
    }

    boolean isDone() {
        return outcome.isDone();
    }

    /** From now on it may be on its way to a bookie; false if it was rejected, and must not be. */
    boolean onLeaving() {
        return whereabouts.compareAndSet(Whereabouts.HERE, Whereabouts.AWAY) || whereabouts.get() == Whereabouts.AWAY;
    }

    /** No route has it. */
    void onWaiting() {
        var unused = whereabouts.compareAndSet(Whereabouts.AWAY, Whereabouts.HERE);
    }

    /** Time is up: what never left is rejected. */
    void onGivenUp(String reason) {
        boolean rejected = whereabouts.compareAndSet(Whereabouts.HERE, Whereabouts.REJECTED);
        outcome.complete(rejected ? new AppendOutcome.Rejected(reason) : new AppendOutcome.Unknown(reason));
    }
}

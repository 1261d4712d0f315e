package io.hermes.architecture.planted.ingress;

import io.hermes.architecture.planted.applier.Peer;
import java.util.function.LongSupplier;

/** Breaks two rules: it sees its sibling, and it reads a clock (by a method reference, too). */
public final class Sideways {

    private final LongSupplier clock = System::nanoTime;

    /** Does nothing. */
    public Sideways() {}

    /** Depends on what it must not see. */
    public Peer peer() {
        return new Peer();
    }

    /** Reads a clock. */
    public long now() {
        return clock.getAsLong() + System.currentTimeMillis();
    }
}

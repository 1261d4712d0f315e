package io.hermes.architecture.planted.applier;

/** Seen by the planted ingress, which must not. */
public final class Peer {

    /** Does nothing. */
    public Peer() {}
}

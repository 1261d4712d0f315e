package io.hermes.architecture.planted.names;

/** Breaks two rules: its name says nothing, and its getter carries get. */
public final class ThingManager {

    /** Does nothing. */
    public ThingManager() {}

    /** Carries get. */
    public int getSize() {
        return 0;
    }
}

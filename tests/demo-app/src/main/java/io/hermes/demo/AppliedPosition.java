package io.hermes.demo;

/** The highest position that a service has applied; positions are unsigned. Owned by the server's thread. */
final class AppliedPosition {

    private long highest;

    /** 0 if nothing was ever applied. */
    long highest() {
        return highest;
    }

    /** Does nothing if a higher one was applied before. */
    void raise(long position) {
        if (Long.compareUnsigned(position, highest) > 0) {
            highest = position;
        }
    }
}

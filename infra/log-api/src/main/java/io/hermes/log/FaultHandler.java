package io.hermes.log;

/**
 * Takes fatal failures: an invariant is broken and going on could make it worse. In production it ends the process, which
 * is then started anew; in tests it counts.
 */
public interface FaultHandler {

    /**
     * Ends whatever this handler guards.
     *
     * @param what one line for people: what is broken, with the values
     * @param cause where it was noticed
     */
    void onFatal(String what, Throwable cause);
}

package io.hermes.applier;

/** A request was sent to the app and nobody knows whether it was executed. */
public final class AppInDoubtException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Explains the doubt.
     *
     * @param message what was seen, with the position
     */
    public AppInDoubtException(String message) {
        super(message);
    }
}

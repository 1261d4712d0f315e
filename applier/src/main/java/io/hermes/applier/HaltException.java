package io.hermes.applier;

/** Going on would be a guess: only a person can help. */
public final class HaltException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Explains what a person has to know.
     *
     * @param message what happened, and what to do
     */
    public HaltException(String message) {
        super(message);
    }
}

package io.hermes.applier;

/** The app ended, or is to end, with no request under way. */
public final class AppGoneException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Explains the end.
     *
     * @param message what was seen
     */
    public AppGoneException(String message) {
        super(message);
    }
}

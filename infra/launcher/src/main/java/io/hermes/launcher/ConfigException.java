package io.hermes.launcher;

/** The configuration cannot be used; the message is one line that says what to change. Ends the process with code 2. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Explains what to change.
     *
     * @param message one line
     */
    public ConfigException(String message) {
        super(message);
    }
}

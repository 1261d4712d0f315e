package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** The log cannot be reached now. Nothing happened; trying again is safe. */
public final class LogUnavailableException extends LogException {

    private static final long serialVersionUID = 1;

    /**
     * Explains the failure.
     *
     * @param message what happened, with the values, and what to do
     * @param cause what the backend said, if it said anything
     */
    public LogUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** The log has forgotten records that the reader has not delivered yet. */
public final class LogTrimmedException extends LogException {

    private static final long serialVersionUID = 1;

    /**
     * Explains the failure.
     *
     * @param message what happened, with the values, and what to do
     * @param cause what the backend said, if it said anything
     */
    public LogTrimmedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

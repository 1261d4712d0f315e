package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** Delivered records are no longer in the log, or it is another log: everything built on it must be rebuilt. */
public final class LogLostException extends LogException {

    private static final long serialVersionUID = 1;

    /**
     * Explains the failure.
     *
     * @param message what happened, with the values, and what to do
     * @param cause what the backend said, if it said anything
     */
    public LogLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

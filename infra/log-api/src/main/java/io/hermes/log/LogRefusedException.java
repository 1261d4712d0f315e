package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** The log exists with settings under which the promises would not hold. Retrying is of no use. */
public final class LogRefusedException extends LogException {

    private static final long serialVersionUID = 1;

    /**
     * Explains the failure.
     *
     * @param message what happened, with the values, and what to do
     * @param cause what the backend said, if it said anything
     */
    public LogRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

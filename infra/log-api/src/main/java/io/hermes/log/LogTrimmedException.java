package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** The log has forgotten records that the reader has not delivered yet. */
public final class LogTrimmedException extends LogException {

    private static final long serialVersionUID = 1;

    private final transient Position resumeAfter;

    /**
     * Explains the failure.
     *
     * @param message what happened, with the values, and what to do
     * @param resumeAfter see {@link #resumeAfter()}
     * @param cause what the backend said, if it said anything
     */
    public LogTrimmedException(String message, Position resumeAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.resumeAfter = resumeAfter;
    }

    /**
     * From where a reader gets all that the log kept (L8), until it forgets more.
     *
     * @return a reader opened after it delivers the first record that was kept
     */
    public Position resumeAfter() {
        return resumeAfter;
    }
}

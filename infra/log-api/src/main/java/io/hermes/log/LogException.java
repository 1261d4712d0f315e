package io.hermes.log;

import org.jspecify.annotations.Nullable;

/** A failure of a port, explained for people: its message says what happened and what to do. */
public abstract sealed class LogException extends RuntimeException
        permits LogTrimmedException, LogLostException, LogUnavailableException, LogRefusedException {

    private static final long serialVersionUID = 1;

    LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

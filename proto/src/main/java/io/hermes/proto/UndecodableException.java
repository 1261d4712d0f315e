package io.hermes.proto;

import org.jspecify.annotations.Nullable;

/** Bytes that no codec of ours has written, or one of a later version whose kinds this one does not know. */
public final class UndecodableException extends Exception {

    private static final long serialVersionUID = 1;

    /** Whether a later version could read the bytes. */
    private final boolean later;

    UndecodableException(String message, boolean later, @Nullable Throwable cause) {
        super(message, cause);
        this.later = later;
    }

    /**
     * Whether a later version of Hermes could read these bytes. If so nobody may pass over them; if not, everybody does.
     *
     * @return true for well-formed bytes of a kind unknown here
     */
    public boolean isOfLaterVersion() {
        return later;
    }
}

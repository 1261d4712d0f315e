package io.hermes.applier;

/** Requests were sent to the app, and nobody knows whether they were executed. */
public final class AppInDoubtException extends Exception {

    private static final long serialVersionUID = 1;

    /** The first request in doubt. */
    private final long position;

    /** The last one that was sent. */
    private final long lastPosition;

    /** Whether the app may be executing it still. */
    private final boolean mayStillRun;

    /**
     * Explains the doubt.
     *
     * @param message what was seen, with the position
     * @param position the first request without an answer
     * @param lastPosition the last request that was sent
     * @param mayStillRun whether the app may be executing it still, since it only took too long
     */
    public AppInDoubtException(String message, long position, long lastPosition, boolean mayStillRun) {
        super(message);
        this.position = position;
        this.lastPosition = lastPosition;
        this.mayStillRun = mayStillRun;
    }

    /**
     * Explains the doubt about requests that are not being executed any more.
     *
     * @param message what was seen, with the position
     * @param position the first request without an answer
     * @param lastPosition the last request that was sent
     */
    public AppInDoubtException(String message, long position, long lastPosition) {
        this(message, position, lastPosition, false);
    }

    /**
     * Whether the app may be executing the request still; whoever starts the app anew ends that.
     *
     * @return true after a time-out
     */
    public boolean mayStillRun() {
        return mayStillRun;
    }

    /**
     * The first request without an answer.
     *
     * @return where it stands
     */
    public long position() {
        return position;
    }

    /**
     * The last request that was sent; with pipelining, more than one is in doubt.
     *
     * @return where it stands
     */
    public long lastPosition() {
        return lastPosition;
    }
}

package io.hermes.applier;

import org.jspecify.annotations.Nullable;

/**
 * The app stores {@code Hermes-Position} together with its own state and tells it, so nothing is ever in doubt for longer than
 * it takes to ask.
 */
public final class AwareContinuity implements Continuity {

    private final App app;
    private final boolean attached;

    /**
     * Makes the continuity of one app.
     *
     * @param app asked for its position
     * @param attached whether somebody else starts it, so that nobody here can end what it is executing
     */
    public AwareContinuity(App app, boolean attached) {
        this.app = app;
        this.attached = attached;
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    @Override
    public long executedThrough() throws AppGoneException, HaltException {
        return app.tellPosition();
    }

    @Override
    public void onCall(long position) {
        // The app itself keeps book.
    }

    @Override
    public void onAnswer(long position) {
        // Likewise.
    }

    @Override
    public @Nullable String whyNotAgain(AppInDoubtException doubt) {
        return attached && doubt.mayStillRun()
                ? "the app, which somebody else runs, may be executing the request at position " + doubt.position()
                        + " still, and nobody here can end it: start the app anew, then the applier (or raise app.timeout): "
                        + doubt.getMessage()
                : null;
    }
}

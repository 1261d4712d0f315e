package io.hermes.applier;

import org.jspecify.annotations.Nullable;

/**
 * The app stores {@code Hermes-Position} together with its own state and tells it, so nothing is ever in doubt for longer than
 * it takes to ask.
 */
public final class AwareContinuity implements Continuity {

    private final App app;

    /**
     * Makes the continuity of one app.
     *
     * @param app asked for its position
     */
    public AwareContinuity(App app) {
        this.app = app;
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
        return null;
    }
}

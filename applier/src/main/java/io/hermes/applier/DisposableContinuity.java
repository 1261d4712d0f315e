package io.hermes.applier;

import org.jspecify.annotations.Nullable;

/** Nothing goes on: each incarnation begins with nothing and is given everything. So there never is a doubt. */
public final class DisposableContinuity implements Continuity {

    @Override
    public boolean keepsState() {
        return false;
    }

    @Override
    public long executedThrough() {
        return 0;
    }

    @Override
    public void onCall(long position) {
        // Whatever becomes of it, the next incarnation has not executed it.
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

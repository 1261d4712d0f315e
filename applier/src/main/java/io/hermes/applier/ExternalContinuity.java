package io.hermes.applier;

import org.jspecify.annotations.Nullable;

/**
 * The app goes on by itself and tells nothing: a journal of the applier's notes before each call that it is made, and after
 * each answer that it came. A request that was called and not answered is in doubt; then {@link InDoubt} decides.
 */
public final class ExternalContinuity implements Continuity {

    /** What becomes of a request in doubt. */
    public enum InDoubt {
        /** A person decides. */
        HALT,
        /** It is given to the app again: for apps whose requests may be executed twice without harm. */
        RETRY
    }

    private final CallJournal journal;
    private final InDoubt inDoubt;

    /**
     * Makes the continuity of one app.
     *
     * @param journal of this replica
     * @param inDoubt what becomes of a request in doubt
     */
    public ExternalContinuity(CallJournal journal, InDoubt inDoubt) {
        this.journal = journal;
        this.inDoubt = inDoubt;
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    @Override
    public boolean oneAtATime() {
        return true;
    }

    @Override
    public long executedThrough() throws HaltException {
        if (inDoubt == InDoubt.HALT && journal.isRebooted()) {
            throw new HaltException("the machine was started anew without a chance to note what the app had been given:"
                    + " find out which request it has executed last, at or after position " + journal.answeredThrough()
                    + ", then start the applier with --resolve LAST=executed");
        }
        if (inDoubt == InDoubt.HALT && journal.calledThrough() > journal.answeredThrough()) {
            throw new HaltException(explain(journal.calledThrough()));
        }
        return journal.answeredThrough();
    }

    @Override
    public void onCall(long position) {
        journal.onCall(position);
    }

    @Override
    public void onNotSent() {
        journal.onNotSent();
    }

    @Override
    public void onAnswer(long position) {
        journal.onAnswer(position);
    }

    @Override
    public @Nullable String whyNotAgain(AppInDoubtException doubt) {
        return inDoubt == InDoubt.HALT ? explain(doubt.position()) + ": " + doubt.getMessage() : null;
    }

    @Override
    public void close() {
        journal.close();
    }

    private static String explain(long position) {
        return "the request at position " + position + " was given to the app and not answered: find out whether it was"
                + " executed, then start the applier with --resolve " + position + "=executed or --resolve " + position
                + "=repeat (for apps that may execute a request twice: app.in-doubt: retry)";
    }
}

package io.hermes.proto;

import java.util.function.Function;

/** What became of a request, as one replica tells it. */
public sealed interface ReplyOutcome {

    /**
     * Chooses by case.
     *
     * @param <T> the result's type
     * @param answered for {@link Answered}
     * @param told for all others
     * @return what the chosen function returned
     */
    <T> T match(Function<Answer, T> answered, Function<Told, T> told);

    /**
     * The app answered.
     *
     * @param answer whatever it was
     */
    record Answered(Answer answer) implements ReplyOutcome {
        @Override
        public <T> T match(Function<Answer, T> answered, Function<Told, T> told) {
            return answered.apply(answer);
        }
    }

    /** What a replica tells without an answer of the app's. */
    enum Told implements ReplyOutcome {
        /** The request was applied, its answer is no longer kept anywhere. */
        ANSWER_NOT_KEPT,
        /**
         * The request came too late to tell whether it is a repeat, so this copy of it was not applied; or, to an inquiry:
         * nothing of that name was applied within the duplicate window.
         */
        NOT_APPLIED,
        /** The barrier was passed. */
        BARRIER_PASSED,
        /** The name belongs to a request that differs from this one. */
        DIFFERENT_REQUEST,
        /** Whether the request was applied cannot be told any more. */
        FORGOTTEN,
        /** The request was cancelled before it was delivered, and is never applied. */
        CANCELLED,
        /** The request was applied; its answer is not known to this replica, but may be to others. */
        MISSING_HERE;

        @Override
        public <T> T match(Function<Answer, T> answered, Function<Told, T> told) {
            return told.apply(this);
        }
    }
}

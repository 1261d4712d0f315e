package io.hermes.proto;

import java.util.function.Function;
import java.util.function.Supplier;

/** What became of a request, as one replica tells it. */
public sealed interface ReplyOutcome {

    /**
     * Chooses by case, so that no case can be forgotten.
     *
     * @param <T> the result's type
     * @param answered for {@link Answered}
     * @param answerNotKept for {@link AnswerNotKept}
     * @param notApplied for {@link NotApplied}
     * @param barrierPassed for {@link BarrierPassed}
     * @return what the chosen function returned
     */
    <T> T match(
            Function<Answer, T> answered, Supplier<T> answerNotKept, Supplier<T> notApplied, Supplier<T> barrierPassed);

    /**
     * The app answered.
     *
     * @param answer whatever it was
     */
    record Answered(Answer answer) implements ReplyOutcome {
        @Override
        public <T> T match(
                Function<Answer, T> answered,
                Supplier<T> answerNotKept,
                Supplier<T> notApplied,
                Supplier<T> barrierPassed) {
            return answered.apply(answer);
        }
    }

    /** The request was applied, its answer is no longer kept. */
    record AnswerNotKept() implements ReplyOutcome {
        @Override
        public <T> T match(
                Function<Answer, T> answered,
                Supplier<T> answerNotKept,
                Supplier<T> notApplied,
                Supplier<T> barrierPassed) {
            return answerNotKept.get();
        }
    }

    /** The request came too late to tell whether it is a repeat, so this copy of it was not applied. */
    record NotApplied() implements ReplyOutcome {
        @Override
        public <T> T match(
                Function<Answer, T> answered,
                Supplier<T> answerNotKept,
                Supplier<T> notApplied,
                Supplier<T> barrierPassed) {
            return notApplied.get();
        }
    }

    /** The barrier was passed. */
    record BarrierPassed() implements ReplyOutcome {
        @Override
        public <T> T match(
                Function<Answer, T> answered,
                Supplier<T> answerNotKept,
                Supplier<T> notApplied,
                Supplier<T> barrierPassed) {
            return barrierPassed.get();
        }
    }
}

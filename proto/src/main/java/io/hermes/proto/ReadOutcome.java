package io.hermes.proto;

import java.util.Arrays;
import java.util.function.Function;

/** What became of a read that came past the log. A read changes nothing, so whatever became of it, it may be tried again. */
public sealed interface ReadOutcome {

    /**
     * Chooses by case.
     *
     * @param <T> the result's type
     * @param answered for {@link Answered}
     * @param refused for all others
     * @return what the chosen function returned
     */
    <T> T match(Function<Answer, T> answered, Function<Refused, T> refused);

    /**
     * The app answered.
     *
     * @param answer whatever it was
     */
    record Answered(Answer answer) implements ReadOutcome {
        @Override
        public <T> T match(Function<Answer, T> answered, Function<Refused, T> refused) {
            return answered.apply(answer);
        }
    }

    /** Why a replica gave no answer. */
    enum Refused implements ReadOutcome {
        /** Its app is being started or rebuilt. */
        NOT_SERVING,
        /** It did not get as far as it was to within the patience given. */
        BEHIND,
        /** As far as it got, the log does not declare such requests read-only. */
        NOT_READ_ONLY,
        /** More reads wait there than its bound allows. */
        TOO_MANY,
        /** Its app did not answer. */
        NO_ANSWER,
        /** The app's answer is longer than its bound. */
        TOO_LONG;

        static Refused of(String text) {
            return Arrays.stream(values())
                    .filter(value -> value.name().equals(text))
                    .findFirst()
                    .orElse(NOT_SERVING);
        }

        @Override
        public <T> T match(Function<Answer, T> answered, Function<Refused, T> refused) {
            return refused.apply(this);
        }
    }
}

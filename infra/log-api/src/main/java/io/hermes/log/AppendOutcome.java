package io.hermes.log;

import java.util.function.Function;

/** How an append ended. There is no fourth way: a future of an append never completes exceptionally. */
public sealed interface AppendOutcome {

    /**
     * Chooses by case, so that no case can be forgotten.
     *
     * @param <T> the result's type
     * @param appended for {@link Appended}
     * @param rejected for {@link Rejected}
     * @param unknown for {@link Unknown}
     * @return what the chosen function returned
     */
    <T> T match(Function<Appended, T> appended, Function<Rejected, T> rejected, Function<Unknown, T> unknown);

    /**
     * Durable and ordered.
     *
     * @param position the record's place in the total order
     */
    record Appended(Position position) implements AppendOutcome {
        @Override
        public <T> T match(
                Function<Appended, T> appended, Function<Rejected, T> rejected, Function<Unknown, T> unknown) {
            return appended.apply(this);
        }
    }

    /**
     * No attempt left the process: the record is not in the log and never will be.
     *
     * @param reason for people
     */
    record Rejected(String reason) implements AppendOutcome {
        @Override
        public <T> T match(
                Function<Appended, T> appended, Function<Rejected, T> rejected, Function<Unknown, T> unknown) {
            return rejected.apply(this);
        }
    }

    /**
     * The record may be in the log, may still come into it, or may be lost.
     *
     * @param reason for people
     */
    record Unknown(String reason) implements AppendOutcome {
        @Override
        public <T> T match(
                Function<Appended, T> appended, Function<Rejected, T> rejected, Function<Unknown, T> unknown) {
            return unknown.apply(this);
        }
    }
}

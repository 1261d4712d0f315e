package io.hermes.applier;

import java.util.function.Function;
import java.util.function.Supplier;

/** What a delivered record is, as {@link DuplicateTable} knows it. */
public sealed interface Delivery {

    /**
     * Chooses by case.
     *
     * @param <T> the result's type
     * @param first for the request itself, which is to be applied
     * @param repeat for a copy of a request that was delivered, or cancelled, before
     * @param different for another request under a name that is taken
     * @param tooLate for what may be a copy of a request that is forgotten
     * @return what the chosen function returned
     */
    <T> T match(
            Function<DuplicateTable.Entry, T> first,
            Function<DuplicateTable.Entry, T> repeat,
            Function<DuplicateTable.Entry, T> different,
            Supplier<T> tooLate);

    /**
     * The request itself: to be applied.
     *
     * @param entry of it, to remember the answer by
     */
    record First(DuplicateTable.Entry entry) implements Delivery {
        @Override
        public <T> T match(
                Function<DuplicateTable.Entry, T> first,
                Function<DuplicateTable.Entry, T> repeat,
                Function<DuplicateTable.Entry, T> different,
                Supplier<T> tooLate) {
            return first.apply(entry);
        }
    }

    /**
     * A copy of a request that was delivered, or cancelled, before.
     *
     * @param entry of that request
     */
    record Repeat(DuplicateTable.Entry entry) implements Delivery {
        @Override
        public <T> T match(
                Function<DuplicateTable.Entry, T> first,
                Function<DuplicateTable.Entry, T> repeat,
                Function<DuplicateTable.Entry, T> different,
                Supplier<T> tooLate) {
            return repeat.apply(entry);
        }
    }

    /**
     * Another request under a name that is taken: not to be applied.
     *
     * @param entry of the request that has the name
     */
    record Different(DuplicateTable.Entry entry) implements Delivery {
        @Override
        public <T> T match(
                Function<DuplicateTable.Entry, T> first,
                Function<DuplicateTable.Entry, T> repeat,
                Function<DuplicateTable.Entry, T> different,
                Supplier<T> tooLate) {
            return different.apply(entry);
        }
    }

    /** Perhaps a copy of a request that is forgotten: not to be applied. */
    record TooLate() implements Delivery {
        @Override
        public <T> T match(
                Function<DuplicateTable.Entry, T> first,
                Function<DuplicateTable.Entry, T> repeat,
                Function<DuplicateTable.Entry, T> different,
                Supplier<T> tooLate) {
            return tooLate.get();
        }
    }
}

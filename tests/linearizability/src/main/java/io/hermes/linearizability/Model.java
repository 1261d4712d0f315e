package io.hermes.linearizability;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one copy of a service does, one operation after the other.
 *
 * @param <S> its state: immutable, with equals and hashCode
 * @param <I> what can be asked
 * @param <O> what can be told
 */
public interface Model<S, I, O> {

    /**
     * The state at the beginning.
     *
     * @return the same each time
     */
    S initial();

    /**
     * Takes one operation.
     *
     * @param state before
     * @param input what was asked
     * @param output what was told; null if that is not known, then anything may have been
     * @return the state after; empty if in this state something else would have been told
     */
    Optional<S> step(S state, I input, @Nullable O output);
}

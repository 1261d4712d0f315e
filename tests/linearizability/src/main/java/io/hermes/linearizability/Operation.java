package io.hermes.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What one client asked and was told.
 *
 * @param <I> what can be asked
 * @param <O> what can be told
 * @param client which one, for people
 * @param input what it asked
 * @param invokedNanos when it asked
 * @param output what it was told; null if it never learned it: the operation may take effect at any time after it was invoked, or
 *     never
 * @param returnedNanos when it was told; without meaning if it was not
 */
public record Operation<I, O>(int client, I input, long invokedNanos, @Nullable O output, long returnedNanos) {

    /**
     * Checks the times.
     *
     * @throws IllegalArgumentException if the answer came before the question
     */
    public Operation {
        if (output != null && returnedNanos < invokedNanos) {
            throw new IllegalArgumentException("told at " + returnedNanos + " what was asked at " + invokedNanos);
        }
    }

    boolean isComplete() {
        return output != null;
    }
}

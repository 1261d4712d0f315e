package io.hermes.proto;

/**
 * Names one request for ever, across all its repeats. Made by the ingress that took it.
 *
 * @param incarnation the run of the ingress
 * @param number counts up from 1 within the incarnation
 */
public record RequestId(Incarnation incarnation, long number) {

    /**
     * Checks the number.
     *
     * @param incarnation not checked again
     * @param number checked
     * @throws IllegalArgumentException if the number is below 1
     */
    public RequestId {
        if (number < 1) {
            throw new IllegalArgumentException("request numbers begin at 1, not " + number);
        }
    }

    /** The text that clients see as {@code Hermes-Request-Id}. */
    @Override
    public String toString() {
        return incarnation.value() + "." + number;
    }
}

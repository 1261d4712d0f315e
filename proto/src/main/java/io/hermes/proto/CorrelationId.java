package io.hermes.proto;

/**
 * Names one waiting exchange of one ingress. Made by that ingress; it also names the request in the exchange, unless the client
 * named that itself ({@link RequestId}).
 *
 * @param incarnation the run of the ingress
 * @param number counts up from 1 within the incarnation
 */
public record CorrelationId(Incarnation incarnation, long number) {

    /**
     * Checks the number.
     *
     * @param incarnation not checked again
     * @param number checked
     * @throws IllegalArgumentException if the number is below 1
     */
    public CorrelationId {
        if (number < 1) {
            throw new IllegalArgumentException("request numbers begin at 1, not " + number);
        }
    }

    /** The text that clients see as {@code Hermes-Request-Id} if they gave no {@code Idempotency-Key}. */
    @Override
    public String toString() {
        return incarnation.value() + "." + number;
    }
}

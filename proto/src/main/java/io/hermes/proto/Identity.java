package io.hermes.proto;

/**
 * Who waits, for which request, on whose behalf.
 *
 * @param correlation the exchange that waits
 * @param id the request; of an unnamed one made of the correlation
 * @param principal digest of what the client identified itself with; empty if it did not. Only the same principal may ask about
 *     the request
 */
public record Identity(CorrelationId correlation, RequestId id, String principal) {

    /**
     * A request that its client did not name.
     *
     * @param correlation the exchange that waits
     * @param principal on whose behalf
     * @return named by the exchange
     */
    public static Identity unnamed(CorrelationId correlation, String principal) {
        return new Identity(correlation, new RequestId.Made(correlation), principal);
    }

    /**
     * Whether the client named the request, so that others may repeat it too.
     *
     * @return false if the name is made of this very exchange
     */
    public boolean isNamed() {
        return !(id instanceof RequestId.Made made && made.first().equals(correlation));
    }
}

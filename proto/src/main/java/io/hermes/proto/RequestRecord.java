package io.hermes.proto;

/**
 * A request with what Hermes needs to order, apply and answer it.
 *
 * @param identity who waits, and what the request is called; the same in each repeat
 * @param request what the client asked
 * @param logTimeMillis the ingress's clock, milliseconds since 1970
 * @param seed random, the same for every replica
 * @param traceParent the client's {@code traceparent}, empty if there was none
 * @param route where the reply goes and who sends it
 * @param seenThrough the highest position that the ingress knew when it accepted the request; a repeat carries the same
 * @param lowestUnfinished all numbers of this incarnation below this one are finished
 */
public record RequestRecord(
        Identity identity,
        Request request,
        long logTimeMillis,
        long seed,
        String traceParent,
        ReplyRoute route,
        long seenThrough,
        long lowestUnfinished)
        implements Routed {

    /**
     * Checks the numbers.
     *
     * @param identity checked against the lowest unfinished number
     * @param request not checked again
     * @param logTimeMillis not checked
     * @param seed not checked
     * @param traceParent not checked
     * @param route not checked again
     * @param seenThrough checked
     * @param lowestUnfinished checked
     * @throws IllegalArgumentException if a position is negative, or if this request counts as finished already
     */
    public RequestRecord {
        if (seenThrough < 0) {
            throw new IllegalArgumentException("negative position " + seenThrough);
        }
        CorrelationId correlation = identity.correlation();
        if (lowestUnfinished < 1 || lowestUnfinished > correlation.number()) {
            throw new IllegalArgumentException("request " + correlation
                    + " cannot be unfinished if the lowest unfinished number is " + lowestUnfinished);
        }
    }

    /**
     * The exchange that waits.
     *
     * @return the identity's
     */
    public CorrelationId correlation() {
        return identity.correlation();
    }

    @Override
    public RequestRecord withRoute(ReplyRoute other) {
        return new RequestRecord(
                identity, request, logTimeMillis, seed, traceParent, other, seenThrough, lowestUnfinished);
    }

    @Override
    public int bodyBytes() {
        return request.body().length;
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.request(this);
    }
}

package io.hermes.proto;

import java.util.function.Function;

/**
 * A request with what Hermes needs to order, apply and answer it.
 *
 * @param id the same in each repeat
 * @param request what the client asked
 * @param logTimeMillis the ingress's clock, milliseconds since 1970
 * @param seed random, the same for every replica
 * @param traceParent the client's {@code traceparent}, empty if there was none
 * @param route where the reply goes and who sends it
 * @param seenThrough the highest position that the ingress knew when it accepted the request; a repeat carries the same
 * @param lowestUnfinished all numbers of this incarnation below this one are finished
 */
public record RequestRecord(
        RequestId id,
        Request request,
        long logTimeMillis,
        long seed,
        String traceParent,
        ReplyRoute route,
        long seenThrough,
        long lowestUnfinished)
        implements LogContent {

    /**
     * Checks the numbers.
     *
     * @param id not checked again
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
        if (lowestUnfinished < 1 || lowestUnfinished > id.number()) {
            throw new IllegalArgumentException(
                    "request " + id + " cannot be unfinished if the lowest unfinished number is " + lowestUnfinished);
        }
    }

    /**
     * The same request, asked of another replica.
     *
     * @param other where the reply goes now
     * @return a repeat: all but the route is equal
     */
    public RequestRecord withRoute(ReplyRoute other) {
        return new RequestRecord(id, request, logTimeMillis, seed, traceParent, other, seenThrough, lowestUnfinished);
    }

    @Override
    public <T> T match(
            Function<RequestRecord, T> request,
            Function<AskAgainRecord, T> askAgain,
            Function<BarrierRecord, T> barrier) {
        return request.apply(this);
    }
}

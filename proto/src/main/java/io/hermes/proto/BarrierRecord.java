package io.hermes.proto;

import java.util.function.Function;

/**
 * Changes no state; that it was appended, or passed, proves something.
 *
 * @param id made like a request's
 * @param route where the reply goes; {@link ReplyRoute#NOBODY} if the append alone is proof enough
 * @param logTimeMillis the ingress's clock, milliseconds since 1970
 */
public record BarrierRecord(RequestId id, ReplyRoute route, long logTimeMillis) implements LogContent {

    @Override
    public <T> T match(
            Function<RequestRecord, T> request,
            Function<AskAgainRecord, T> askAgain,
            Function<BarrierRecord, T> barrier) {
        return barrier.apply(this);
    }
}

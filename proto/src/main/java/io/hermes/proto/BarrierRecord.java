package io.hermes.proto;

/**
 * Changes no state; that it was appended, or passed, proves something.
 *
 * @param id made like a request's
 * @param route where the reply goes; {@link ReplyRoute#NOBODY} if the append alone is proof enough
 * @param logTimeMillis the ingress's clock, milliseconds since 1970
 */
public record BarrierRecord(CorrelationId id, ReplyRoute route, long logTimeMillis) implements LogContent {

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.barrier(this);
    }
}

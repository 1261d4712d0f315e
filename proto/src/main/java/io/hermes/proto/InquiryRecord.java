package io.hermes.proto;

/**
 * Asks what became of a request, once everything before the inquiry was applied.
 *
 * @param identity who waits, and for which request
 * @param cancel whether a request that was not delivered before this record is never to be applied
 * @param route where the reply goes and who sends it
 * @param logTimeMillis the ingress's clock, milliseconds since 1970
 */
public record InquiryRecord(Identity identity, boolean cancel, ReplyRoute route, long logTimeMillis) implements Routed {

    @Override
    public InquiryRecord withRoute(ReplyRoute other) {
        return new InquiryRecord(identity, cancel, other, logTimeMillis);
    }

    @Override
    public int bodyBytes() {
        return 0;
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.inquiry(this);
    }
}

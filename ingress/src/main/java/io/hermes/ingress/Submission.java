package io.hermes.ingress;

import io.hermes.proto.Header;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * A complete request as a client handed it in.
 *
 * @param request what it asked, without hop-by-hop fields
 * @param named what the client calls the request; null if it did not say
 * @param principal on whose behalf, as a digest; empty if the client did not say
 * @param traceParent the client's {@code traceparent}, empty if there was none
 * @param wish how fresh it has to be, if it is a read
 */
public record Submission(
        Request request, @Nullable RequestId named, String principal, String traceParent, ReadWish wish) {

    private static final long OVERHEAD_BYTES = 1 << 10;
    private static final long HEADER_OVERHEAD_BYTES = 150;

    /**
     * Of a client that says nothing about reads.
     *
     * @param request what it asked
     * @param named what the client calls the request
     * @param principal on whose behalf
     * @param traceParent the client's {@code traceparent}
     */
    public Submission(Request request, @Nullable RequestId named, String principal, String traceParent) {
        this(request, named, principal, traceParent, ReadWish.NONE);
    }

    /**
     * What it takes in memory while its client waits, with what Jetty keeps of it.
     *
     * @return more than it has on the wire: a short header field takes most for being one
     */
    long bytes() {
        long bytes = OVERHEAD_BYTES + request.target().length() + request.body().length;
        for (Header header : request.headers()) {
            bytes += HEADER_OVERHEAD_BYTES
                    + header.name().length()
                    + header.value().length();
        }
        return bytes;
    }
}

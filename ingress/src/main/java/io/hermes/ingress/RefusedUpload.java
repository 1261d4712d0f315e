package io.hermes.ingress;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Reads on, and keeps nothing, once a client was told that its upload is refused. A connection closed over bytes that nobody read is
 * reset, and a client that is still writing then loses the answer which tells it why (RFC 9112 section 9.6).
 */
final class RefusedUpload implements Runnable {

    /** Whoever goes on for longer has not listened, and is cut off. */
    static final long DISCARDED_BYTES_MAX = 64L << 20;

    /** Others have their turn in between. */
    private static final long AT_ONCE_BYTES_MAX = 1L << 20;

    private final Request request;
    private final Callback whenRead;
    private long discarded;

    RefusedUpload(Request request, Callback whenRead) {
        this.request = request;
        this.whenRead = whenRead;
    }

    @Override
    public void run() {
        long pause = discarded + AT_ONCE_BYTES_MAX;
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whenRead.failed(chunk.getFailure());
                return;
            }
            discarded += chunk.remaining();
            boolean last = chunk.isLast();
            chunk.release();
            if (last || discarded > DISCARDED_BYTES_MAX) {
                whenRead.succeeded();
                return;
            }
            if (discarded >= pause) {
                request.getComponents().getExecutor().execute(this);
                return;
            }
        }
    }
}

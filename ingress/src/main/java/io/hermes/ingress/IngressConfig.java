package io.hermes.ingress;

import io.hermes.proto.Incarnation;
import java.time.Duration;

/**
 * What one ingress is told.
 *
 * @param name unique within the service
 * @param incarnation this run
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes a free one
 * @param bodyBytesMax the longest body of a request; longer ones get 413
 * @param headerBytesMax the longest request line with header; longer ones get 431
 * @param pendingMax the most requests waiting at once; more get 503
 * @param pendingBytesMax the most bytes of requests waiting at once, of uploads not complete, of reads, and of answers that their clients do
 *     not take, each; more get 503, and of the last the client that takes longest is cut off
 * @param connectionsMax the most connections open at once; more wait until one is closed
 * @param requestTimeout how long a client waits before it gets 504
 * @param sliceRequests how many requests in a row one replica answers before it is the next one's turn
 * @param noticeStaleAfter a replica that was silent for so long is not chosen
 * @param askAgainAfter how long after proof that a replica applied a request another one is asked for its answer
 * @param readPatience how long a replica may take to apply what a read past the log relies on
 * @param retryAfter what a 503 tells clients to wait
 * @param principalHeader the header field by whose value clients are told apart; empty if they are not
 */
public record IngressConfig(
        String name,
        Incarnation incarnation,
        String host,
        int port,
        int bodyBytesMax,
        int headerBytesMax,
        int pendingMax,
        long pendingBytesMax,
        int connectionsMax,
        Duration requestTimeout,
        int sliceRequests,
        Duration noticeStaleAfter,
        Duration askAgainAfter,
        Duration readPatience,
        Duration retryAfter,
        String principalHeader) {

    /**
     * Checks the bounds.
     *
     * @param name not checked
     * @param incarnation not checked again
     * @param host not checked
     * @param port checked
     * @param bodyBytesMax checked
     * @param headerBytesMax checked
     * @param pendingMax checked
     * @param pendingBytesMax checked
     * @param connectionsMax checked
     * @param requestTimeout checked
     * @param sliceRequests checked
     * @param noticeStaleAfter not checked
     * @param askAgainAfter not checked
     * @param readPatience not checked
     * @param retryAfter not checked
     * @param principalHeader not checked
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public IngressConfig {
        require(port >= 0 && port <= 65_535, "ingress.port", port, "0 to 65535");
        require(bodyBytesMax >= 0, "ingress.body-bytes-max", bodyBytesMax, "at least 0");
        require(headerBytesMax >= 1024, "ingress.header-bytes-max", headerBytesMax, "at least 1024");
        require(pendingMax >= 1 && pendingMax <= 1 << 20, "ingress.pending-max", pendingMax, "1 to 1048576");
        require(pendingBytesMax >= 1, "ingress.pending-bytes-max", pendingBytesMax, "at least 1");
        require(connectionsMax >= 1, "ingress.connections-max", connectionsMax, "at least 1");
        require(requestTimeout.toMillis() >= 1, "ingress.request-timeout", requestTimeout, "more than nothing");
        require(sliceRequests >= 1, "ingress.slice-requests", sliceRequests, "at least 1");
    }

    /**
     * The usual bounds.
     *
     * @param name unique within the service
     * @param incarnation this run
     * @param host the address to listen on
     * @param port the port to listen on
     * @return bodies up to 960 KiB, so that a request fits a record of 1 MiB; 8192 requests and 256 MiB waiting at once, which
     *     wants a heap of 4 GiB ({@link HeapShare}); 504 after 30 seconds
     */
    public static IngressConfig of(String name, Incarnation incarnation, String host, int port) {
        return new IngressConfig(
                name,
                incarnation,
                host,
                port,
                960 * 1024,
                16 * 1024,
                8192,
                256L << 20,
                65_536,
                Duration.ofSeconds(30),
                64,
                Duration.ofMillis(3_500),
                Duration.ofMillis(100),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                "Authorization");
    }

    private static void require(boolean holds, String key, Object value, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + ", wanted " + wanted);
        }
    }
}

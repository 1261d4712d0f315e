package io.hermes.ingress;

/**
 * Bounds that follow the heap, so that no client can fill it: what waits is bounded in bytes at four places (uploads that are not complete,
 * requests, reads, answers that their clients do not take), and while it is appended a request stands in memory up to three times.
 */
public final class HeapShare {

    private static final int PENDING_PARTS = 16;
    private static final long PENDING_BYTES_MAX = 256L << 20;
    /** With the longest header it needs not quite a third of that. */
    private static final long CONNECTION_BYTES = 128 << 10;

    private static final int CONNECTIONS_MIN = 256;
    private static final int CONNECTIONS_MAX = 65_536;

    private HeapShare() {}

    /**
     * Bytes that may wait at each of the places.
     *
     * @param heapBytes the largest that the heap becomes
     * @return a sixteenth of it, 256 MiB at most
     */
    public static long pendingBytesMax(long heapBytes) {
        return Math.min(PENDING_BYTES_MAX, Math.max(1, heapBytes / PENDING_PARTS));
    }

    /**
     * Connections that may be open at once.
     *
     * @param heapBytes the largest that the heap becomes
     * @return one for each 128 KiB of it, 256 to 65,536
     */
    public static int connectionsMax(long heapBytes) {
        return (int) Math.max(CONNECTIONS_MIN, Math.min(CONNECTIONS_MAX, heapBytes / CONNECTION_BYTES));
    }
}

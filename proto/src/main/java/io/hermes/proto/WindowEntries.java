package io.hermes.proto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads the entries of a window: for each request its position, status, and digests of its answer's header and body. */
public final class WindowEntries {

    /** Position 8, status 2, header 8, body 16. */
    public static final int BYTES_EACH = 34;

    private WindowEntries() {}

    /**
     * Where two windows differ first.
     *
     * @param one entries
     * @param other entries
     * @return the position of the first request that is in only one of them, or was answered differently; 0 if there is none
     */
    public static long firstDifference(byte[] one, byte[] other) {
        int index = Arrays.mismatch(one, other);
        if (index < 0) {
            return 0;
        }
        int at = index / BYTES_EACH * BYTES_EACH;
        return Math.min(position(one, at), position(other, at));
    }

    private static long position(byte[] entries, int at) {
        return at + BYTES_EACH <= entries.length ? ByteBuffer.wrap(entries).getLong(at) : Long.MAX_VALUE;
    }
}

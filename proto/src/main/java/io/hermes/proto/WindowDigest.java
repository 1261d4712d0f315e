package io.hermes.proto;

import java.util.Arrays;
import java.util.HexFormat;

/** A digest over the answers in a window. */
public final class WindowDigest {

    /** Of a window whose answers are not all known. */
    public static final WindowDigest UNKNOWN = new WindowDigest(new byte[0]);

    private static final int BYTES = 32;

    private final byte[] bytes;

    private WindowDigest(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes a digest as it stands in a record.
     *
     * @param bytes 32, or none; not changed afterwards
     * @return a value
     * @throws IllegalArgumentException if they are of another number
     */
    public static WindowDigest of(byte[] bytes) {
        if (bytes.length == 0) {
            return UNKNOWN;
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a digest of " + bytes.length + " bytes");
        }
        return new WindowDigest(bytes);
    }

    /**
     * Whether there is one.
     *
     * @return false for {@link #UNKNOWN} only
     */
    public boolean isKnown() {
        return bytes.length > 0;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WindowDigest digest && Arrays.equals(bytes, digest.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal; empty if it is not known. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}

package io.hermes.proto;

import java.nio.ByteBuffer;

/**
 * Tells requests apart that carry the same key: 128 bits of a SHA-256 over principal, method, target, content type and body.
 *
 * @param high bits
 * @param low bits
 */
public record Fingerprint(long high, long low) {

    static final int BYTES = 16;

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    static Fingerprint fromBytes(byte[] bytes) {
        if (bytes.length < BYTES) {
            throw new IllegalArgumentException("a fingerprint has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Fingerprint(buffer.getLong(), buffer.getLong());
    }
}

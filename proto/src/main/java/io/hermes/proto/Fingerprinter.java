package io.hermes.proto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Takes fingerprints of requests. Deterministic: every replica gets the same. Owned by one thread. */
public final class Fingerprinter {

    private final MessageDigest digest;

    /** Makes a fingerprinter, which may be used again and again. */
    public Fingerprinter() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The fingerprint of a request.
     *
     * @param request whose method, target, content type and body count; other headers may differ between retries
     * @param principal on whose behalf
     * @return equal for equal requests
     */
    public Fingerprint of(Request request, String principal) {
        add(principal);
        add(request.method());
        add(request.target());
        for (Header header : request.headers()) {
            if (header.isNamed("Content-Type")) {
                add(header.value());
            }
        }
        digest.update((byte) 0);
        return Fingerprint.fromBytes(digest.digest(request.body()));
    }

    /** With its length, so that no two lists of texts look alike. */
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length + 1).flip());
        digest.update(bytes);
    }
}

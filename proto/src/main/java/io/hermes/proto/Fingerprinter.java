package io.hermes.proto;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Takes fingerprints of requests. Deterministic: every replica gets the same. Owned by one thread. */
public final class Fingerprinter {

    private static final int PREFIX_BYTES = 4;
    private static final int SHA_256_BYTES = 32;

    private final MessageDigest digest;
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private final byte[] result = new byte[SHA_256_BYTES];

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
        digest.update(request.body());
        try {
            digest.digest(result, 0, SHA_256_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has " + SHA_256_BYTES + " bytes", e);
        }
        return Fingerprint.fromBytes(result);
    }

    /** With its length, so that no two lists of texts look alike. */
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length + 1;
        prefix[0] = (byte) (length >>> 24);
        prefix[1] = (byte) (length >>> 16);
        prefix[2] = (byte) (length >>> 8);
        prefix[3] = (byte) length;
        digest.update(prefix);
        digest.update(bytes);
    }
}

package io.hermes.ingress;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpFields;

/**
 * On whose behalf clients ask: told apart by one header field, of which only a digest goes further. Two clients that use the same
 * key are two requests then, and neither sees the other's answer. Any thread.
 */
final class Principals {

    private static final int DIGEST_BYTES = 16;

    private final String header;

    Principals(String header) {
        this.header = header;
    }

    /** Empty if the client did not identify itself, or if clients are not told apart. */
    String of(HttpFields fields) {
        String value = header.isEmpty() ? null : fields.get(header);
        if (value == null) {
            return "";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

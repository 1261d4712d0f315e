package io.hermes.applier;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/**
 * Digests of answers, as they enter windows: what an answer's header holds of the compared fields, in order, by 64 bits of FNV-1a,
 * and the body by 128 bits of SHA-256. Not thread-safe.
 */
final class AnswerDigest {

    /** An answer too long to be kept counts like any other of its kind. */
    private static final int NO_STATUS = 0;

    private static final int BODY_BYTES = 16;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final MessageDigest sha256 = Digests.sha256();

    /** Appends one entry. */
    void put(ByteBuffer entries, List<String> digestHeaders, long position, AppAnswer given) {
        Answer answer = given.answer();
        entries.putLong(position);
        if (answer == null) {
            entries.putShort((short) NO_STATUS).putLong(0).put(new byte[BODY_BYTES]);
            return;
        }
        entries.putShort((short) answer.status());
        entries.putLong(header(answer.headers(), digestHeaders));
        entries.put(sha256.digest(answer.body()), 0, BODY_BYTES);
    }

    /** Of a whole window. */
    byte[] of(byte[] entries) {
        return sha256.digest(entries);
    }

    private static long header(List<Header> headers, List<String> digestHeaders) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            for (int name = 0; name < digestHeaders.size(); name++) {
                String compared = digestHeaders.get(name);
                if (compared.equalsIgnoreCase(header.name())) {
                    hash = mix(mix(hash, compared), header.value());
                }
            }
        }
        return hash;
    }

    private static long mix(long before, String text) {
        long hash = before;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return (hash ^ '\n') * FNV_PRIME;
    }
}

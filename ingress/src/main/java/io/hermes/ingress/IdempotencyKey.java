package io.hermes.ingress;

import io.hermes.proto.RequestId;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code Idempotency-Key} field. The IETF's draft makes it a quoted string (RFC 8941 section 3.3.3); most clients send
 * it bare. Both are the same key.
 */
final class IdempotencyKey {

    static final String FIELD = "Idempotency-Key";

    private IdempotencyKey() {}

    /**
     * What the client calls its request.
     *
     * @return null if it does not say
     * @throws IllegalArgumentException if it says so badly
     */
    static @Nullable RequestId of(HttpFields fields, String principal) {
        List<String> values = fields.getValuesList(FIELD);
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw new IllegalArgumentException("more than one " + FIELD);
        }
        try {
            return RequestId.parse(unquoted(values.get(0)), principal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FIELD + ": " + e.getMessage(), e);
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted
                ? value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
                : value;
    }
}

package io.hermes.demo;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete request.
 *
 * @param method as sent
 * @param target path and query as sent
 * @param headers names in lower case; of a repeated field the last one
 * @param body without transfer coding
 * @param keepsConnection whether another request may follow
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are moved, not compared
record HttpRequest(String method, String target, Map<String, String> headers, byte[] body, boolean keepsConnection) {

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Where the request stands in the log, as sent; null if it did not come through Hermes. */
    @Nullable
    String position() {
        return headers.get("hermes-position");
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    boolean is(String wanted) {
        return method.equals(wanted) || (wanted.equals("GET") && method.equals("HEAD"));
    }
}

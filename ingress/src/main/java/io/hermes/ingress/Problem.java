package io.hermes.ingress;

import io.hermes.proto.CorrelationId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An answer of our own, as {@code application/problem+json} (RFC 9457). Everything that an app answers goes through
 * unchanged; these are for what no app has answered.
 *
 * @param status of the response
 * @param type the last part of the problem's URN
 * @param title the same for each problem of this type
 * @param detail what happened this time, and what the client may do
 * @param id of the request, where there is one that may be asked about
 * @param position where the request stands, 0 if that is not known
 * @param safeToRetry whether nothing was ordered, so that a Retry-After is told
 */
public record Problem(
        int status,
        String type,
        String title,
        String detail,
        @Nullable CorrelationId id,
        long position,
        boolean safeToRetry) {

    static Problem notOrdered(String detail) {
        return new Problem(503, "not-ordered", "The request was not ordered", detail, null, 0, true);
    }

    static Problem outcomeUnknown(CorrelationId id, String detail) {
        return new Problem(504, "outcome-unknown", "The outcome of the request is unknown", detail, id, 0, false);
    }

    static Problem answerNotKept(CorrelationId id, long position) {
        return new Problem(
                409,
                "answer-not-kept",
                "The answer is no longer kept",
                "The request was applied; its answer is longer than app.answer-bytes-max, or was evicted.",
                id,
                position,
                false);
    }

    static Problem bodyTooLong(long bytesMax) {
        return new Problem(
                413,
                "body-too-long",
                "The body is too long",
                "Bodies have at most " + bytesMax + " bytes (ingress.body-bytes-max). Nothing was ordered.",
                null,
                0,
                false);
    }

    static Problem malformed(String detail) {
        return new Problem(400, "malformed", "The request is malformed", detail, null, 0, false);
    }

    static Problem unsupported(int status, String detail) {
        return new Problem(status, "unsupported", "Hermes does not replicate this", detail, null, 0, false);
    }

    byte[] json() {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"type\":\"urn:hermes:problem:").append(type).append('"');
        json.append(",\"title\":\"").append(escape(title)).append('"');
        json.append(",\"status\":").append(status);
        json.append(",\"detail\":\"").append(escape(detail)).append('"');
        if (id != null) {
            json.append(",\"request-id\":\"").append(escape(id.toString())).append('"');
        }
        if (position > 0) {
            json.append(",\"position\":").append(position);
        }
        return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}

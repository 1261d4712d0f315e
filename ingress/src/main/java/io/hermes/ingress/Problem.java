package io.hermes.ingress;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.RequestId;
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
        @Nullable RequestId id,
        long position,
        boolean safeToRetry) {

    static Problem notOrdered(String detail) {
        return new Problem(503, "not-ordered", "The request was not ordered", detail, null, 0, true);
    }

    static Problem notRead(String detail) {
        return new Problem(503, "not-read", "The read was not executed", detail, null, 0, true);
    }

    static Problem readTooLong(long position) {
        return new Problem(
                409,
                "answer-not-kept",
                "The answer is too long",
                "The answer is longer than app.answer-bytes-max.",
                null,
                position,
                false);
    }

    static Problem outcomeUnknown(RequestId id, String detail) {
        return new Problem(504, "outcome-unknown", "The outcome of the request is unknown", detail, id, 0, false);
    }

    static Problem answerNotKept(RequestId id, long position) {
        return new Problem(
                409,
                "answer-not-kept",
                "The answer is no longer kept",
                "The request was applied; its answer is longer than app.answer-bytes-max, was evicted, or was given while"
                        + " no replica listened.",
                id,
                position,
                false);
    }

    /** What a replica told about a request that a client waits for; never about a barrier or an answer kept elsewhere. */
    static Problem told(RequestId id, Reply reply, ReplyOutcome.Told told) {
        return switch (told) {
            case ANSWER_NOT_KEPT, MISSING_HERE -> answerNotKept(id, reply.position());
            case NOT_APPLIED -> outcomeUnknown(
                    id,
                    "the request reached the replicas too late to tell it from a repeat; this copy was not applied");
            case FORGOTTEN -> outcomeUnknown(id, "the request was forgotten while its client waited");
            case DIFFERENT_REQUEST -> new Problem(
                    422,
                    "key-reused",
                    "The Idempotency-Key belongs to another request",
                    "The request of that key differs in method, target, Content-Type or body; this one was not applied.",
                    id,
                    reply.position(),
                    false);
            case CANCELLED -> new Problem(
                    409,
                    "cancelled",
                    "The request was cancelled",
                    "It was cancelled before it came, and is never applied.",
                    id,
                    reply.position(),
                    false);
            case BARRIER_PASSED -> outcomeUnknown(id, "a replica took the request for a barrier");
        };
    }

    static Problem methodNotAllowed(String allowed) {
        return new Problem(
                405, "method-not-allowed", "The method is not allowed", "Allowed are " + allowed, null, 0, false);
    }

    static Problem nothingHere() {
        return new Problem(
                404,
                "nothing-here",
                "There is nothing here",
                "Below /.well-known/hermes/ Hermes answers itself: requests/{id} tells what became of a request.",
                null,
                0,
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

    static Problem unknownId() {
        return malformed(
                "This ingress has given no request this id yet: send the id of an earlier answer, or a key of your own.");
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
            json.append(",\"request-id\":\"").append(escape(id.text())).append('"');
        }
        if (position > 0) {
            json.append(",\"position\":").append(position);
        }
        return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What stands between the quotes of a JSON string. */
    static String escape(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}

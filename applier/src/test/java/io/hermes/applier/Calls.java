package io.hermes.applier;

import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests for tests, with valid defaults. */
final class Calls {

    static final Incarnation INGRESS = new Incarnation("ingress-0-1");

    private Calls() {}

    static RequestRecord record(long number) {
        return record(INGRESS, number, 0, 1, 0);
    }

    static RequestRecord record(
            Incarnation ingress, long number, long seenThrough, long lowestUnfinished, long timeMillis) {
        return new RequestRecord(
                Identity.unnamed(new CorrelationId(ingress, number), ""),
                request("POST", "/insert", "body " + number),
                timeMillis,
                7,
                "",
                new ReplyRoute("inbox", "replica-0"),
                seenThrough,
                lowestUnfinished);
    }

    /** A request that its client named, sent in another exchange of the same ingress. */
    static RequestRecord named(String key, long number, String body) {
        return named(new RequestId.Key("", key), number, body);
    }

    static RequestRecord named(RequestId id, long number, String body) {
        return new RequestRecord(
                new Identity(new CorrelationId(INGRESS, number), id, ""),
                request("POST", "/insert", body),
                0,
                7,
                "",
                new ReplyRoute("inbox", "replica-0"),
                0,
                1);
    }

    static Request request(String method, String target, String body) {
        return new Request(
                method,
                target,
                List.of(new Header("Host", "service.test")),
                body.getBytes(StandardCharsets.ISO_8859_1));
    }

    static AppCall call(long position, Request request) {
        RequestRecord like = record(position);
        return new AppCall(
                position,
                new RequestRecord(like.identity(), request, 0, 7, "", like.route(), 0, 1),
                1_700_000_000_000L,
                false,
                null);
    }

    static AppCall withConflict(AppCall call, @Nullable String conflict) {
        return new AppCall(call.position(), call.record(), call.timeMillis(), call.readOnly(), conflict);
    }
}

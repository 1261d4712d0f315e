package io.hermes.bench;

import io.hermes.applier.AppCall;
import io.hermes.proto.Answer;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What clients usually ask and the sample log app usually answers: the same values in every benchmark. */
final class Samples {

    static final Incarnation INGRESS = new Incarnation("ingress-0-0123456789abcdef");
    static final Incarnation APPLIER = new Incarnation("replica-0-fedcba9876543210");
    static final String REPLICA = "replica-0";
    static final ReplyRoute ROUTE = new ReplyRoute("hermes-replies/2/ingress-0", REPLICA);
    static final long TIME_MILLIS = 1_790_000_000_000L;

    private static final int BODY_BYTES = 128;

    /** Six fields, as curl or a browser behind one proxy sends them, after the ingress has added its own. */
    static final Request REQUEST = new Request(
            "POST",
            "/insert",
            List.of(
                    new Header("Host", "service.test:8000"),
                    new Header("User-Agent", "curl/7.88.1"),
                    new Header("Accept", "*/*"),
                    new Header("Content-Type", "application/octet-stream"),
                    new Header("Via", "1.1 hermes"),
                    new Header("Forwarded", "for=127.0.0.1;host=\"service.test:8000\";proto=http")),
            "0123456789abcdef".repeat(BODY_BYTES / 16).getBytes(StandardCharsets.US_ASCII));

    static final Answer ANSWER = new Answer(
            200,
            List.of(new Header("Content-type", "application/text")),
            "written".getBytes(StandardCharsets.US_ASCII));

    private Samples() {}

    static RequestRecord unnamed(long number, long lowestUnfinished, long seenThrough) {
        return record(Identity.unnamed(new CorrelationId(INGRESS, number), ""), lowestUnfinished, seenThrough);
    }

    static RequestRecord named(long number, long seenThrough) {
        CorrelationId correlation = new CorrelationId(INGRESS, number);
        return record(new Identity(correlation, new RequestId.Key("", "order-" + number), ""), number, seenThrough);
    }

    static ReplyBatch replies(int answers) {
        List<Reply> replies = new ArrayList<>();
        for (long number = 1; number <= answers; number++) {
            replies.add(reply(number));
        }
        return new ReplyBatch(REPLICA, APPLIER, position(answers), replies);
    }

    static Reply reply(long number) {
        return new Reply(new CorrelationId(INGRESS, number), position(number), new ReplyOutcome.Answered(ANSWER));
    }

    static List<AppCall> calls(int count) {
        List<AppCall> calls = new ArrayList<>();
        for (long number = 1; number <= count; number++) {
            calls.add(new AppCall(position(number), unnamed(number, 1, 0), TIME_MILLIS, false, null));
        }
        return calls;
    }

    private static long position(long number) {
        return 1_000_000 + number;
    }

    private static RequestRecord record(Identity identity, long lowestUnfinished, long seenThrough) {
        return new RequestRecord(
                identity, REQUEST, TIME_MILLIS, 0x1234_5678_9abc_def0L, "", ROUTE, seenThrough, lowestUnfinished);
    }
}

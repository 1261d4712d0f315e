package io.hermes.proto;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Values with every field set. */
final class Samples {

    static final Incarnation INCARNATION = new Incarnation("ingress-0-18c0ffee");
    static final ReplyRoute ROUTE = new ReplyRoute("3/ingress-0-18c0ffee", "replica-2");

    static final RequestRecord REQUEST = new RequestRecord(
            Identity.unnamed(new CorrelationId(INCARNATION, 42), ""),
            new Request(
                    "POST",
                    "//insert/%2F?a=b%20c&\u00e9",
                    List.of(
                            new Header("Host", "example.test"),
                            new Header("X-Latin", "caf\u00e9"),
                            new Header("x", "")),
                    new byte[] {0, 1, -1, 13, 10}),
            1_700_000_000_123L,
            -2,
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ROUTE,
            4_000_000_000L,
            40);
    static final AskAgainRecord ASK_AGAIN =
            new AskAgainRecord(Identity.unnamed(new CorrelationId(INCARNATION, 42), ""), 4_000_000_001L, ROUTE, null);
    static final BarrierRecord BARRIER =
            new BarrierRecord(new CorrelationId(INCARNATION, 43), ROUTE, 1_700_000_000_456L);

    static final WindowDigestRecord WINDOW_DIGEST = new WindowDigestRecord(
            "replica-2",
            "1.4",
            "replica-2-7.1",
            5,
            WindowDigest.of(bytes(32)),
            1_024,
            4_000_000_000L,
            4_000_002_000L,
            1);
    static final WindowDetailRecord WINDOW_ENTRIES =
            new WindowDetailRecord("replica-2", 5, bytes(2 * WindowEntries.BYTES_EACH), null);
    static final WindowDetailRecord WINDOW_ANSWER = new WindowDetailRecord(
            "replica-2",
            5,
            new byte[0],
            new WindowDetailRecord.Told(
                    4_000_000_001L,
                    "POST",
                    "//insert/%2F?a=b%20c&\u00e9",
                    new Answer(200, List.of(new Header("Set-Cookie", "a=1")), new byte[] {0, 1, -1}),
                    70_000));
    static final CloseWindowRecord CLOSE_WINDOW = new CloseWindowRecord("verify-18c0ffee");

    static final ReplyBatch BATCH = new ReplyBatch(
            "replica-2",
            new Incarnation("replica-2-7"),
            99,
            List.of(
                    new Reply(
                            new CorrelationId(INCARNATION, 1),
                            5,
                            new ReplyOutcome.Answered(new Answer(
                                    404,
                                    List.of(new Header("Set-Cookie", "a=1"), new Header("Set-Cookie", "b=2")),
                                    "no\u0000".getBytes(StandardCharsets.ISO_8859_1)))),
                    new Reply(new CorrelationId(INCARNATION, 2), 6, ReplyOutcome.Told.ANSWER_NOT_KEPT),
                    new Reply(new CorrelationId(INCARNATION, 3), 7, ReplyOutcome.Told.NOT_APPLIED),
                    new Reply(new CorrelationId(INCARNATION, 4), 8, ReplyOutcome.Told.BARRIER_PASSED)));

    private Samples() {}

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (3 * i);
        }
        return bytes;
    }
}

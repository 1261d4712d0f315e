package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

    @Test
    void requestComesBackAsItWas() throws UndecodableException {
        LogContent back = RecordCodec.decode(RecordCodec.encode(Samples.REQUEST));

        assertThat(back).usingRecursiveComparison().isEqualTo(Samples.REQUEST);
    }

    @Test
    void askAgainComesBackAsItWas() throws UndecodableException {
        assertThat(RecordCodec.decode(RecordCodec.encode(Samples.ASK_AGAIN))).isEqualTo(Samples.ASK_AGAIN);
    }

    @Test
    void barrierComesBackAsItWas() throws UndecodableException {
        assertThat(RecordCodec.decode(RecordCodec.encode(Samples.BARRIER))).isEqualTo(Samples.BARRIER);
    }

    @Test
    void everyOtherKindComesBackAsItWas() throws UndecodableException {
        Identity named =
                new Identity(new CorrelationId(Samples.INCARNATION, 9), new RequestId.Key("me", "order 7"), "me");
        for (LogContent content : List.of(
                new AskAgainRecord(named, 5, Samples.ROUTE, new Fingerprint(-1, 7)),
                new InquiryRecord(named, true, Samples.ROUTE, 1_700_000_000_456L),
                new KeepRecord(Samples.INCARNATION, List.of(1L, 1L << 40), 1_700_000_000_456L),
                new SettingsRecord(
                        new Settings(3, 1, 7, java.time.Duration.ofHours(3), 8, java.time.Duration.ofMillis(9), 10)),
                new SkipRecord(12, "it crashes the app"),
                new InitialStateRecord("ab12"))) {
            assertThat(RecordCodec.decode(RecordCodec.encode(content))).isEqualTo(content);
        }
    }

    @Test
    void settingsOutOfBoundsAreNoRecordForAnyVersion() {
        byte[] settingsWithNothingSet = {(6 << 3) | 2, 0};

        assertThatThrownBy(() -> RecordCodec.decode(settingsWithNothingSet)).isInstanceOf(UndecodableException.class);
    }

    @Test
    void anyRequestComesBackAsItWas() throws UndecodableException {
        for (long seed = 0; seed < 500; seed++) {
            RequestRecord record = anyRequest(new Random(seed));

            LogContent back = RecordCodec.decode(RecordCodec.encode(record));

            assertThat(back).as("seed %d", seed).usingRecursiveComparison().isEqualTo(record);
        }
    }

    @Test
    void strayBytesAreNoRecordForAnyVersion() {
        assertThatThrownBy(() -> RecordCodec.decode(new byte[] {(byte) 0xff, 1, 2}))
                .isInstanceOfSatisfying(UndecodableException.class, e -> assertThat(e.isOfLaterVersion())
                        .isFalse());
    }

    @Test
    void emptyRecordIsNoRecordForAnyVersion() {
        assertThatThrownBy(() -> RecordCodec.decode(new byte[0]))
                .isInstanceOfSatisfying(UndecodableException.class, e -> assertThat(e.isOfLaterVersion())
                        .isFalse());
    }

    @Test
    void kindOfLaterVersionIsToldFromStrayBytes() {
        byte[] fieldFifteenWithOneByte = {(15 << 3) | 2, 1, 7};

        assertThatThrownBy(() -> RecordCodec.decode(fieldFifteenWithOneByte))
                .isInstanceOfSatisfying(UndecodableException.class, e -> assertThat(e.isOfLaterVersion())
                        .isTrue());
    }

    private static RequestRecord anyRequest(Random random) {
        List<Header> headers = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            headers.add(new Header("H" + i, latin(random, random.nextInt(40))));
        }
        byte[] body = new byte[random.nextInt(3_000)];
        random.nextBytes(body);
        long number = 1 + (random.nextLong() >>> 2);
        return new RequestRecord(
                anyIdentity(random, number),
                new Request("M" + random.nextInt(9), "/" + latin(random, random.nextInt(60)), headers, body),
                random.nextLong(),
                random.nextLong(),
                "",
                random.nextBoolean() ? ReplyRoute.NOBODY : Samples.ROUTE,
                random.nextLong() >>> 1,
                1 + Math.floorMod(random.nextLong(), number));
    }

    private static Identity anyIdentity(Random random, long number) {
        CorrelationId correlation = new CorrelationId(new Incarnation("i" + random.nextInt(1_000)), number);
        String principal = random.nextBoolean() ? "" : "p" + random.nextInt(9);
        return switch (random.nextInt(3)) {
            case 0 -> Identity.unnamed(correlation, principal);
            case 1 -> new Identity(correlation, new RequestId.Key(principal, "key-" + random.nextInt(9)), principal);
            default -> new Identity(
                    correlation,
                    new RequestId.Made(new CorrelationId(new Incarnation("other"), 1 + random.nextInt(9))),
                    principal);
        };
    }

    private static String latin(Random random, int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) (0x21 + random.nextInt(0xff - 0x21)));
        }
        return text.toString();
    }
}

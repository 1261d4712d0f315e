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
                new RequestId(new Incarnation("i" + random.nextInt(1_000)), number),
                new Request("M" + random.nextInt(9), "/" + latin(random, random.nextInt(60)), headers, body),
                random.nextLong(),
                random.nextLong(),
                "",
                random.nextBoolean() ? ReplyRoute.NOBODY : Samples.ROUTE,
                random.nextLong() >>> 1,
                1 + Math.floorMod(random.nextLong(), number));
    }

    private static String latin(Random random, int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) (0x21 + random.nextInt(0xff - 0x21)));
        }
        return text.toString();
    }
}

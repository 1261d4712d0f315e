package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadCodecTest {

    private static final Routes ROUTES = Routes.parse(List.of("path=/line/{n} read-only=true level=barrier"));

    @Test
    void readsComeBackAsTheyWere() throws Exception {
        ReadBatch batch = new ReadBatch(
                Samples.INCARNATION,
                "direct/127.0.0.1:1/0",
                4_000_000_000L,
                Duration.ofMillis(1_500),
                List.of(new ReadBatch.Read(9, Samples.REQUEST.request())));

        assertThat(ReadCodec.decode(ReadCodec.encode(batch)))
                .usingRecursiveComparison()
                .isEqualTo(batch);
    }

    @Test
    void strangeBytesAreUndecodable() {
        assertThatThrownBy(() -> ReadCodec.decode(new byte[] {1, 2, 3})).isInstanceOf(UndecodableException.class);
    }

    @Test
    void repliesToReadsComeBackAsTheyWere() throws Exception {
        Answer answer = new Answer(200, List.of(), "five".getBytes(StandardCharsets.US_ASCII));
        ReplyBatch batch = new ReplyBatch(
                "replica-2",
                Samples.INCARNATION,
                99,
                List.of(),
                List.of(
                        new ReadReply(1, 98, new ReadOutcome.Answered(answer)),
                        new ReadReply(2, 98, ReadOutcome.Refused.BEHIND)));

        assertThat(ReplyCodec.decode(ReplyCodec.encode(batch)))
                .usingRecursiveComparison()
                .isEqualTo(batch);
    }

    @Test
    void routesTravelInSettings() throws Exception {
        SettingsRecord record = new SettingsRecord(Settings.BEFORE_ANY_RECORD.withRoutes(ROUTES));

        assertThat(RecordCodec.decode(RecordCodec.encode(record))).isEqualTo(record);
    }

    @Test
    void noticeTellsHowToRead() throws Exception {
        Notice notice = new Notice.OfReplica(
                "replica-1",
                Samples.INCARNATION,
                ReplicaState.SERVING,
                17,
                "",
                1,
                2,
                3,
                new Notice.Reads("direct/127.0.0.1:1/0", 4, ROUTES));

        assertThat(NoticeCodec.decode(NoticeCodec.encode(notice))).isEqualTo(notice);
    }
}

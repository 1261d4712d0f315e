package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointCodecTest {

    private static final Checkpoint CHECKPOINT = new Checkpoint(
            "topic-1",
            99,
            98,
            1_700_000_000_123L,
            7,
            true,
            Settings.BEFORE_ANY_RECORD,
            "ab12",
            List.of(12L, 34L),
            List.of(new Checkpoint.Row(Samples.INCARNATION, 5, 98, 1_700_000_000_000L, true)),
            List.of(
                    new Checkpoint.Entry(
                            new RequestId.Key("me", "order 7"),
                            "me",
                            new CorrelationId(Samples.INCARNATION, 4),
                            90,
                            12,
                            new Fingerprint(1, -2),
                            Checkpoint.EntryState.DELIVERED,
                            true,
                            new Answer(201, List.of(new Header("A", "b")), new byte[] {1, 2}),
                            false),
                    new Checkpoint.Entry(
                            new RequestId.Made(new CorrelationId(Samples.INCARNATION, 6)),
                            "",
                            null,
                            91,
                            13,
                            null,
                            Checkpoint.EntryState.RESERVED,
                            true,
                            null,
                            true)),
            new Checkpoint.Anchor(List.of(12L), "cd34"),
            new Comparison(
                    new Comparison.Open(7, 90, 1, 1_024, List.of("location"), new byte[34], true),
                    List.of(Samples.WINDOW_DIGEST),
                    new Comparison.Decided("replica-2", "replica-2-1.1", 80, 12, 6, 1, "wrong", List.of("6 ")),
                    List.of(Samples.WINDOW_DIGEST)));

    @Test
    void checkpointComesBackAsItWas() throws UndecodableException {
        assertThat(CheckpointCodec.decode(CheckpointCodec.encode(CHECKPOINT)))
                .usingRecursiveComparison()
                .isEqualTo(CHECKPOINT);
    }

    @Test
    void strayBytesAreNoCheckpoint() {
        assertThatThrownBy(() -> CheckpointCodec.decode(new byte[] {(byte) 0xff, 1}))
                .isInstanceOf(UndecodableException.class);
    }
}

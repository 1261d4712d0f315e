package io.hermes.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {

    @Test
    void questionComesBackAsItWas() throws UndecodableException {
        SnapshotQuestion question = new SnapshotQuestion("direct/h:1/2", "ab", 7, SnapshotPart.APP, 1L << 40, 512);

        assertThat(SnapshotCodec.decodeQuestion(SnapshotCodec.encode(question))).isEqualTo(question);
    }

    @Test
    void pieceComesBackAsItWas() throws UndecodableException {
        SnapshotPiece piece = new SnapshotPiece("ab", SnapshotPart.CHECKPOINT, 9, new byte[] {1, 2}, false);

        assertThat(SnapshotCodec.decodePiece(SnapshotCodec.encode(piece)))
                .usingRecursiveComparison()
                .isEqualTo(piece);
    }

    @Test
    void questionForNothingIsRefused() {
        byte[] bytes = SnapshotCodec.encode(new SnapshotQuestion("a", "ab", 7, SnapshotPart.APP, 0, 1));
        bytes[bytes.length - 1] = 0;

        assertThatThrownBy(() -> SnapshotCodec.decodeQuestion(bytes)).isInstanceOf(UndecodableException.class);
    }

    @Test
    void recordsAboutSnapshotsComeBackAsTheyWere() throws UndecodableException {
        List<LogContent> records = List.of(
                new TakeSnapshotRecord("replica-1"),
                new SnapshotTakenRecord("replica-1", 7, 1L << 40, "ab", ""),
                SnapshotTakenRecord.failed("replica-1", "disk full"));

        for (LogContent record : records) {
            assertThat(RecordCodec.decode(RecordCodec.encode(record))).isEqualTo(record);
        }
    }

    @Test
    void noticeTellsOfSnapshots() throws UndecodableException {
        Notice.OfReplica notice = new Notice.OfReplica(
                "replica-1",
                Samples.INCARNATION,
                ReplicaState.SERVING,
                9,
                "",
                1,
                2,
                3,
                Notice.Reads.NONE,
                new Notice.Snapshots(7, 5, 1L << 40, "ab", "direct/h:1/2", 3, true),
                new Notice.Divergence(1024, 3, "differ", List.of("replica-0", "replica-1")));

        assertThat(NoticeCodec.decode(NoticeCodec.encode(notice))).isEqualTo(notice);
    }

    @Test
    void checkpointKeepsItsAnchor() throws UndecodableException {
        Checkpoint checkpoint = new Checkpoint(
                "log",
                7,
                6,
                5,
                4,
                false,
                Settings.BEFORE_ANY_RECORD,
                null,
                List.of(),
                List.of(),
                List.of(),
                new Checkpoint.Anchor(List.of(2L, 3L), "abcd"),
                Comparison.NONE);

        assertThat(CheckpointCodec.decode(CheckpointCodec.encode(checkpoint))).isEqualTo(checkpoint);
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.SnapshotCodec;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotQuestion;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who is no replica fetches a snapshot from one. */
class SnapshotDownloadTest {

    private static final int APP_BYTES = 6 * SnapshotServer.PIECE_BYTES_MAX + 17;
    private static final Incarnation RUN = new Incarnation("backup-1");

    @TempDir
    Path temp = Path.of("");

    private final ReplicaLink link = new MemoryLogBackend(MemoryCluster.atOnce()).link();
    private final List<Long> askedOffsets = new ArrayList<>();
    private long silentFrom = Long.MAX_VALUE;
    private long nanos;

    @BeforeEach
    void writeSnapshot() throws IOException {
        SnapshotStore store = new SnapshotStore(temp.resolve("from"), Failpoints.NONE);
        store.open();
        byte[] state = new byte[APP_BYTES];
        new Random(1).nextBytes(state);
        manifest = store.finish(
                store.begin(SnapshotSamples.checkpoint("log-1", 7, 3L), file -> Files.write(file, state)),
                new SnapshotStore.Origin("replica-0", "DIRECTORY", "v1"));
        SnapshotServer server = new SnapshotServer(link, new Incarnation("unused"), store, Failpoints.NONE);
        var inbox = link.listen("peer", bytes -> answer(server, bytes));
        assertThat(inbox.address().value()).isEqualTo("peer");
    }

    private SnapshotManifest manifest = new SnapshotManifest(
            "", 0, 0, "", "", "", new SnapshotManifest.Part(0, ""), new SnapshotManifest.Part(0, ""));

    @AfterEach
    void closeLink() {
        link.close();
    }

    @Test
    void copyIsWholeAndKnowsWhatItIsOf() throws Exception {
        try (SnapshotDownload download = download()) {
            run(download);
        }

        SnapshotCopy copy = SnapshotCopy.open(temp.resolve("to"));
        assertThat(copy.sha256()).isEqualTo(manifest.sha256());
        assertThat(copy.position()).isEqualTo(7);
        assertThat(Files.mismatch(copy.app(), temp.resolve("from/7/app"))).isEqualTo(-1);
    }

    @Test
    void laterDownloadGoesOnBehindWhatIsThere() throws Exception {
        silentFrom = 4L * SnapshotServer.PIECE_BYTES_MAX;
        try (SnapshotDownload broken = download()) {
            assertThatThrownBy(() -> run(broken)).isInstanceOf(IOException.class);
            assertThat(broken.isSilent()).isTrue();
        }
        silentFrom = Long.MAX_VALUE;
        askedOffsets.clear();

        try (SnapshotDownload download = download()) {
            assertThat(download.begun()).contains(manifest.sha256());
            run(download);
        }

        assertThat(SnapshotCopy.open(temp.resolve("to")).sha256()).isEqualTo(manifest.sha256());
        assertThat(askedOffsets).isNotEmpty().allMatch(offset -> offset >= 4L * SnapshotServer.PIECE_BYTES_MAX);
    }

    @Test
    void damagedCopyIsRefused() throws Exception {
        try (SnapshotDownload download = download()) {
            run(download);
        }
        Path app = temp.resolve("to/7/app");
        byte[] bytes = Files.readAllBytes(app);
        bytes[APP_BYTES / 2] ^= 1;
        Files.write(app, bytes);

        assertThatThrownBy(() -> SnapshotCopy.open(temp.resolve("to"))).hasMessageContaining("damaged");
    }

    @Test
    void stateThatHoldsWhatWasGivenUpSinceIsRefused() throws Exception {
        SnapshotCopy copy = SnapshotCopy.open(temp.resolve("from"));

        assertThatThrownBy(() -> copy.following(Set.of(5L))).hasMessageContaining("given up");
        assertThat(copy.following(Set.of(3L, 8L))).isNotNull();
    }

    private SnapshotDownload download() throws IOException {
        return new SnapshotDownload(link, RUN, temp.resolve("to"), () -> nanos);
    }

    private void run(SnapshotDownload download) throws IOException {
        download.from(SnapshotSamples.notice(manifest, "peer"));
        for (int i = 0; i < 1_000 && !download.isDone(); i++) {
            var unused = download.step();
            nanos += Duration.ofMillis(50).toNanos();
        }
        assertThat(download.isDone()).isTrue();
    }

    private void answer(SnapshotServer server, byte[] bytes) {
        try {
            SnapshotQuestion question = SnapshotCodec.decodeQuestion(bytes);
            if (question.part() == SnapshotPart.APP) {
                askedOffsets.add(question.offset());
                if (question.offset() >= silentFrom) {
                    return;
                }
            }
            link.ask(new ReplyAddress(question.replyAddress()), SnapshotCodec.encode(server.answer(question)));
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }
}

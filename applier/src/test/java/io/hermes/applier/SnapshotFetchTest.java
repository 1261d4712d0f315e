package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.SnapshotCodec;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotPiece;
import io.hermes.proto.SnapshotQuestion;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One replica gathers a snapshot of another, over a link that a test can spoil. */
class SnapshotFetchTest {

    private static final int APP_BYTES = 9 * SnapshotServer.PIECE_BYTES_MAX + 17;

    @TempDir
    Path temp = Path.of("");

    private final ReplicaLink link = new MemoryLogBackend(MemoryCluster.atOnce()).link();
    private final List<SnapshotQuestion> questions = new ArrayList<>();
    private Function<SnapshotPiece, @Nullable SnapshotPiece> network = piece -> piece;
    private SnapshotStore from = new SnapshotStore(Path.of(""), Failpoints.NONE);
    private SnapshotStore to = new SnapshotStore(Path.of(""), Failpoints.NONE);
    private @Nullable SnapshotManifest written;
    private @Nullable SnapshotFetch current;
    private long nanos;

    @BeforeEach
    void writeSnapshot() throws IOException {
        from = new SnapshotStore(temp.resolve("from"), Failpoints.NONE);
        from.open();
        to = new SnapshotStore(temp.resolve("to"), Failpoints.NONE);
        to.open();
        byte[] state = new byte[APP_BYTES];
        new Random(1).nextBytes(state);
        written = from.finish(
                from.begin(SnapshotSamples.checkpoint("log-1", 7), file -> Files.write(file, state)),
                new SnapshotStore.Origin("replica-0", "DIRECTORY", ""));
        SnapshotServer server = new SnapshotServer(link, new Incarnation("unused"), from, Failpoints.NONE);
        var inbox = link.listen("peer", bytes -> answer(server, bytes));
        assertThat(inbox.address().value()).isEqualTo("peer");
        var pieces = link.listen("pieces", this::onPiece);
        assertThat(pieces.address().value()).isEqualTo("pieces");
    }

    @AfterEach
    void closeLink() {
        link.close();
    }

    @Test
    void snapshotArrivesWhole() throws IOException {
        run(begin());

        assertThat(to.verify(7)).isEqualTo(written);
    }

    @Test
    void lostPiecesAreAskedForAgain() throws IOException {
        int[] count = {0};
        network = piece -> ++count[0] % 3 == 0 ? null : piece;

        run(begin());

        assertThat(to.verify(7)).isEqualTo(written);
    }

    @Test
    void piecesInAnyOrderAndTwiceMakeTheSameSnapshot() throws IOException {
        List<SnapshotPiece> held = new ArrayList<>();
        network = piece -> {
            held.add(piece);
            if (held.size() < 3 && piece.part() == SnapshotPart.APP && piece.bytes().length > 17) {
                return null;
            }
            for (int i = held.size() - 1; i >= 0; i--) {
                deliver(held.get(i));
            }
            held.clear();
            return piece;
        };

        run(begin());

        assertThat(to.verify(7)).isEqualTo(written);
    }

    @Test
    void damageOnTheWayIsFoundAndNothingIsKept() throws IOException {
        network = piece -> {
            if (piece.part() == SnapshotPart.APP && piece.offset() > 0) {
                piece.bytes()[0] ^= 1;
            }
            return piece;
        };
        SnapshotFetch fetch = begin();

        assertThatThrownBy(() -> run(fetch)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
        assertThat(temp.resolve("to")).isEmptyDirectory();
    }

    @Test
    void snapshotThatIsGoneIsGivenUp() throws IOException {
        from.removeBelow(8);
        SnapshotFetch fetch = begin();

        assertThatThrownBy(() -> run(fetch)).isInstanceOf(IOException.class).hasMessageContaining("no more");
    }

    @Test
    void silentPeerIsGivenUp() throws IOException {
        network = piece -> null;
        SnapshotFetch fetch = begin();

        assertThatThrownBy(() -> run(fetch)).isInstanceOf(IOException.class).hasMessageContaining("does not answer");
    }

    @Test
    void fullDiskEndsTheFetchAndLeavesWhatWasThere() throws IOException {
        var unused = to.finish(
                to.begin(SnapshotSamples.checkpoint("log-1", 3), file -> Files.writeString(file, "older")),
                new SnapshotStore.Origin("replica-1", "DIRECTORY", ""));
        SnapshotFetch fetch = begin();
        Files.createSymbolicLink(
                SnapshotStore.file(to.incoming(fetch.sha256()), SnapshotPart.APP), Path.of("/dev/full"));

        assertThatThrownBy(() -> run(fetch)).isInstanceOf(IOException.class).hasMessageContaining("No space left");
        assertThat(to.positions()).containsExactly(3L);
        assertThat(to.verify(3).position()).isEqualTo(3);
    }

    @Test
    void secondTryGoesOnWhereTheFirstBroke() throws IOException {
        network = piece -> piece.part() == SnapshotPart.APP && piece.offset() >= 4L * SnapshotServer.PIECE_BYTES_MAX
                ? null
                : piece;
        SnapshotFetch broken = begin();
        assertThatThrownBy(() -> run(broken)).isInstanceOf(IOException.class);
        broken.close();
        network = piece -> piece;
        questions.clear();

        run(begin());

        assertThat(to.verify(7)).isEqualTo(written);
        assertThat(questions)
                .filteredOn(question -> question.part() == SnapshotPart.APP)
                .extracting(SnapshotQuestion::offset)
                .isNotEmpty()
                .allMatch(offset -> offset >= 4L * SnapshotServer.PIECE_BYTES_MAX);
    }

    private SnapshotFetch begin() throws IOException {
        SnapshotManifest manifest = written;
        if (manifest == null) {
            throw new AssertionError("nothing was written");
        }
        Notice.OfReplica peer = SnapshotSamples.notice(manifest, "peer");
        SnapshotFetch fetch = new SnapshotFetch(link, "pieces", peer, to, () -> nanos);
        current = fetch;
        return fetch;
    }

    private void run(SnapshotFetch fetch) throws IOException {
        for (int i = 0; i < 1_000 && !fetch.isDone(); i++) {
            var unused = fetch.step();
            nanos += Duration.ofMillis(50).toNanos();
        }
        assertThat(fetch.isDone()).isTrue();
    }

    private void answer(SnapshotServer server, byte[] bytes) {
        try {
            SnapshotQuestion question = SnapshotCodec.decodeQuestion(bytes);
            questions.add(question);
            SnapshotPiece piece = network.apply(server.answer(question));
            if (piece != null) {
                link.ask(new ReplyAddress(question.replyAddress()), SnapshotCodec.encode(piece));
            }
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }

    private void deliver(SnapshotPiece piece) {
        link.ask(new ReplyAddress("pieces"), SnapshotCodec.encode(piece));
    }

    private void onPiece(byte[] bytes) {
        SnapshotFetch fetch = current;
        if (fetch != null) {
            try {
                var decodable = SnapshotCodec.decodePiece(bytes);
                assertThat(decodable).isNotNull();
                fetch.onPiece(bytes);
            } catch (UndecodableException e) {
                throw new AssertionError(e);
            }
        }
    }
}

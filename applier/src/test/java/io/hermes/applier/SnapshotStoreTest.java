package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.proto.SnapshotPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotStoreTest {

    private static final SnapshotStore.Origin ORIGIN = new SnapshotStore.Origin("replica-0", "DIRECTORY", "1.0");

    @TempDir
    Path temp = Path.of("");

    private SnapshotStore store = new SnapshotStore(Path.of(""), Failpoints.NONE);

    @BeforeEach
    void openStore() throws IOException {
        store = new SnapshotStore(temp, Failpoints.NONE);
        store.open();
    }

    @Test
    void snapshotIsFoundWholeAsItWasWritten() throws IOException {
        SnapshotManifest written = write(7, "state");

        assertThat(store.verify(7)).isEqualTo(written);
        assertThat(store.checkpoint(7)).isEqualTo(SnapshotSamples.checkpoint("log-1", 7));
        assertThat(store.file(7, SnapshotPart.APP)).hasContent("state");
    }

    @Test
    void newestComesFirst() throws IOException {
        var unused = List.of(write(9, "a"), write(10, "b"), write(7, "c"));

        assertThat(store.positions()).containsExactly(10L, 9L, 7L);
    }

    @ParameterizedTest
    @EnumSource(SnapshotPart.class)
    void flippedBitIsFound(SnapshotPart part) throws IOException {
        var unused = write(7, "state");

        SnapshotSamples.flip(store.file(7, part));

        assertThatThrownBy(() -> store.verify(7))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @ParameterizedTest
    @EnumSource(SnapshotPart.class)
    void missingPartIsFound(SnapshotPart part) throws IOException {
        var unused = write(7, "state");

        Files.delete(store.file(7, part));

        assertThatThrownBy(() -> store.verify(7)).isInstanceOf(IOException.class);
    }

    @Test
    void whatFailsLeavesTheOthersAlone() throws IOException {
        var unused = write(7, "state");

        assertThatThrownBy(() -> store.begin(SnapshotSamples.checkpoint("log-1", 8), file -> {
                    Files.writeString(file, "half of");
                    throw new IOException("No space left on device");
                }))
                .hasMessageContaining("No space left");

        assertThat(temp.toFile().list()).containsExactly("7");
        assertThat(store.verify(7).position()).isEqualTo(7);
    }

    @Test
    void halfOfASnapshotIsRemovedByTheNextRun() throws IOException {
        Files.createDirectories(temp.resolve("new-9"));
        Files.writeString(temp.resolve("new-9/app"), "half of");

        store.open();

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void gatheredSnapshotThatIsNotWholeIsNotTakenOver() throws IOException {
        var unused = write(7, "state");
        Path incoming = store.incoming("abc");
        for (SnapshotPart part : SnapshotPart.values()) {
            Files.copy(store.file(7, part), SnapshotStore.file(incoming, part));
        }
        store.removeBelow(8);
        SnapshotSamples.flip(SnapshotStore.file(incoming, SnapshotPart.APP));

        assertThatThrownBy(() -> store.adopt(incoming)).isInstanceOf(IOException.class);
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void snapshotsBeyondTheNumberKeptAreRemovedOnceNewerOnesWereRead() throws IOException {
        SnapshotVerifyLoop loop = verifyLoop();
        var unused = List.of(write(7, "a"), write(8, "b"), write(9, "c"));

        loop.verify();

        assertThat(store.positions()).containsExactly(9L, 8L);
        assertThat(loop.whole()).extracting(SnapshotVerifyLoop.Whole::position).containsExactly(9L, 8L);
    }

    @Test
    void damagedSnapshotIsNeitherAnnouncedNorCounted() throws IOException {
        SnapshotVerifyLoop loop = verifyLoop();
        var unused = List.of(write(7, "a"), write(8, "b"), write(9, "c"));
        SnapshotSamples.flip(store.file(8, SnapshotPart.APP));

        loop.verify();

        assertThat(loop.whole()).extracting(SnapshotVerifyLoop.Whole::position).containsExactly(9L, 7L);
    }

    @Test
    void snapshotThatRotsIsNoticedWhenItIsReadAgain() throws IOException {
        long[] nanos = {0};
        SnapshotVerifyLoop loop =
                new SnapshotVerifyLoop(store, SnapshotSamples.config(temp, SnapshotConfig.Due.NEVER), () -> nanos[0]);
        var unused = write(7, "a");
        loop.verify();
        SnapshotSamples.flip(store.file(7, SnapshotPart.APP));

        nanos[0] = java.time.Duration.ofHours(7).toNanos();
        loop.verify();

        assertThat(loop.whole()).isEmpty();
    }

    private SnapshotVerifyLoop verifyLoop() {
        return new SnapshotVerifyLoop(store, SnapshotSamples.config(temp, SnapshotConfig.Due.NEVER), () -> 0);
    }

    private SnapshotManifest write(long position, String state) throws IOException {
        return store.finish(
                store.begin(SnapshotSamples.checkpoint("log-1", position), file -> Files.writeString(file, state)),
                ORIGIN);
    }
}

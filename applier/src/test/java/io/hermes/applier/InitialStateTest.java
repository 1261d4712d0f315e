package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialStateTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void sameFilesHaveTheSameDigestElsewhere() throws IOException {
        assertThat(InitialState.of(folder("a", "x", "one")).digest())
                .isEqualTo(InitialState.of(folder("b", "x", "one")).digest());
    }

    @Test
    void otherNameOrContentIsAnotherState() throws IOException {
        String digest = InitialState.of(folder("a", "x", "one")).digest();

        assertThat(InitialState.of(folder("b", "y", "one")).digest()).isNotEqualTo(digest);
        assertThat(InitialState.of(folder("c", "x", "two")).digest()).isNotEqualTo(digest);
    }

    @Test
    void copyHoldsFoldersAndFiles() throws IOException {
        InitialState state = InitialState.of(folder("a", "x", "one"));
        Path target = Files.createDirectories(temp.resolve("target"));

        state.copyTo(target);

        assertThat(target.resolve("folder/x")).hasContent("one");
    }

    @Test
    void fileOfASnapshotIsAStateByItsContent() throws IOException {
        Path file = Files.writeString(temp.resolve("app"), "state");
        Path copy = Files.writeString(temp.resolve("copy"), "state");
        Path other = Files.writeString(temp.resolve("other"), "State");

        InitialState state = InitialState.of(file);

        assertThat(state.isOfSnapshot()).isTrue();
        assertThat(state.digest())
                .isEqualTo(InitialState.of(copy).digest())
                .isNotEqualTo(InitialState.of(other).digest());
    }

    @Test
    void missingStateIsTold() {
        assertThatThrownBy(() -> InitialState.of(temp.resolve("none"))).hasMessageContaining("app.initial-state");
    }

    @Test
    void linkIsRefused() throws IOException {
        Path folder = folder("a", "x", "one");
        Files.createSymbolicLink(folder.resolve("link"), temp);

        assertThatThrownBy(() -> InitialState.of(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a link");
    }

    private Path folder(String name, String file, String content) throws IOException {
        Path folder = temp.resolve(name);
        Files.createDirectories(folder.resolve("folder"));
        Files.writeString(folder.resolve("folder").resolve(file), content);
        return folder;
    }
}

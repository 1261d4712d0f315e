package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of an app that keeps its state: filled when it is empty, and never wiped otherwise. */
class SnapshotOfAwareAppTest {

    @TempDir
    Path temp = Path.of("");

    private AppDirectory directory = new AppDirectory(Path.of(""));

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = new AppDirectory(temp.resolve("app"));
        directory.make();
    }

    @Test
    void directoryWithNothingButHermessFilesIsEmpty() throws IOException {
        Files.writeString(directory.output(), "output");

        assertThat(directory.isEmpty()).isTrue();
    }

    @Test
    void directoryWithAFileOfTheAppIsNotEmpty() throws IOException {
        Files.writeString(directory.path().resolve("data"), "precious");

        assertThat(directory.isEmpty()).isFalse();
    }

    @Test
    void partOfARestoreCountsAsNothing() throws IOException {
        directory.beginRestore();
        Files.writeString(directory.path().resolve("data"), "half of");

        boolean empty = directory.isEmpty();
        directory.endUnfinishedRestore();

        assertThat(empty).isTrue();
        assertThat(directory.path().toFile().list()).isEmpty();
    }

    @Test
    void restoreThatWasKeptIsTheAppsState() throws IOException {
        directory.beginRestore();
        Files.writeString(directory.path().resolve("data"), "state");
        directory.endRestore();

        directory.endUnfinishedRestore();

        assertThat(directory.isEmpty()).isFalse();
        assertThat(directory.path().toFile().list()).isEqualTo(List.of("data").toArray());
    }
}

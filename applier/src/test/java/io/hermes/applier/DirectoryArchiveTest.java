package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryArchiveTest {

    @TempDir
    Path temp = Path.of("");

    private Path source = Path.of("");
    private Path target = Path.of("");
    private Path archive = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        target = Files.createDirectory(temp.resolve("target"));
        archive = temp.resolve("archive");
    }

    @Test
    void filesComeBackAsTheyWere() throws IOException {
        Files.createDirectories(source.resolve("a/b"));
        Files.writeString(source.resolve("a/b/data"), "x".repeat(200_000));
        Files.writeString(source.resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(source.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(source.resolve("current"), Path.of("a/b/data"));

        DirectoryArchive.write(source, Set.of(), archive);
        DirectoryArchive.read(archive, target, Set.of(), true);

        assertThat(target.resolve("a/b/data")).hasSameBinaryContentAs(source.resolve("a/b/data"));
        assertThat(Files.getPosixFilePermissions(target.resolve("run.sh")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(Files.readSymbolicLink(target.resolve("current"))).isEqualTo(Path.of("a/b/data"));
        assertThat(Files.getLastModifiedTime(target.resolve("run.sh")).toMillis())
                .isEqualTo(Files.getLastModifiedTime(source.resolve("run.sh")).toMillis());
    }

    @Test
    void hermessOwnFilesStayOut() throws IOException {
        Files.writeString(source.resolve("output.log"), "ours");
        Files.writeString(source.resolve("data"), "theirs");

        DirectoryArchive.write(source, AppDirectory.OURS, archive);
        DirectoryArchive.read(archive, target, AppDirectory.OURS, true);

        assertThat(target.toFile().list()).containsExactly("data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "../outside", "a/../../outside"})
    void linkThatLeadsOutIsRefused(String where) throws IOException {
        Files.createSymbolicLink(source.resolve("link"), Path.of(where));

        assertThatThrownBy(() -> DirectoryArchive.write(source, Set.of(), archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "a/../../escaped", "/tmp/escaped", "", ".", "pid"})
    void entryThatWantsToBeElsewhereIsRefused(String name) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(archive))) {
            out.write("hermes-directory 1\n".getBytes(StandardCharsets.US_ASCII));
            out.writeByte('f');
            out.writeUTF(name);
            out.writeUTF("rw-r--r--");
            out.writeLong(0);
            out.writeLong(0);
            out.writeByte('e');
            out.writeInt(1);
        }

        assertThatThrownBy(() -> DirectoryArchive.read(archive, target, AppDirectory.OURS, true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wants to be at");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void linkInAnArchiveThatLeadsOutIsRefused() throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(archive))) {
            out.write("hermes-directory 1\n".getBytes(StandardCharsets.US_ASCII));
            out.writeByte('l');
            out.writeUTF("link");
            out.writeUTF("../elsewhere");
            out.writeByte('e');
            out.writeInt(1);
        }

        assertThatThrownBy(() -> DirectoryArchive.read(archive, target, Set.of(), true))
                .hasMessageContaining("leads out");
    }

    @Test
    void archiveThatEndsTooEarlyIsRefused() throws IOException {
        Files.writeString(source.resolve("data"), "theirs");
        DirectoryArchive.write(source, Set.of(), archive);
        byte[] bytes = Files.readAllBytes(archive);
        Files.write(archive, java.util.Arrays.copyOf(bytes, bytes.length - 3));

        assertThatThrownBy(() -> DirectoryArchive.read(archive, target, Set.of(), true))
                .isInstanceOf(IOException.class);
    }
}

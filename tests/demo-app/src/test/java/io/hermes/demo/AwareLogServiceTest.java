package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwareLogServiceTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void freshServiceIsAtPositionZero() throws IOException {
        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("0\n");
        }
    }

    @Test
    void positionIsThatOfTheLastRequest() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
            assertThat(server.position()).isEqualTo("7\n");

            server.bodyAt("9", "GET", "/line/1", "");
            assertThat(server.position()).isEqualTo("9\n");
        }
    }

    @Test
    void positionNeverFalls() throws IOException {
        try (Running server = start()) {
            server.bodyAt("18446744073709551615", "POST", "/insert", "one");
            server.bodyAt("7", "POST", "/insert", "two");

            assertThat(server.position()).isEqualTo("18446744073709551615\n");
        }
    }

    @Test
    void requestWithoutPositionLeavesThePosition() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
            server.body("POST", "/insert", "two");

            assertThat(server.position()).isEqualTo("7\n");
        }
        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("7\n");
            assertThat(server.body("GET", "/line/2", "")).isEqualTo("\"two\"");
        }
    }

    @Test
    void requestAtANonsensePositionIsNotExecuted() throws IOException {
        try (Running server = start()) {
            assertThat(server.bodyAt("-1", "POST", "/insert", "one")).contains("unsigned");

            assertThat(file()).isEmptyFile();
        }
    }

    @Test
    void askingForThePositionChangesNothing() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "GET", "/.well-known/hermes/position", "");

            assertThat(server.position()).isEqualTo("0\n");
            assertThat(server.status("POST", "/.well-known/hermes/position", ""))
                    .isEqualTo(405);
        }
    }

    @Test
    void positionOutlivesTheProcess() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
            server.bodyAt("8", "POST", "/insert", "two");
        }
        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("8\n");
            assertThat(server.body("GET", "/line/0", "")).isEqualTo("\"two\"");
        }
    }

    @Test
    void pipelinedInsertsAndReadsShareOneNote() throws IOException {
        try (Running server = start()) {
            server.exchange("POST /insert HTTP/1.1\nHermes-Position: 1\nContent-Length: 1\n\na"
                    + "GET /line/1 HTTP/1.1\nHermes-Position: 2\n\n"
                    + "POST /insert HTTP/1.1\nHermes-Position: 3\nContent-Length: 1\nConnection: close\n\nb");
        }
        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("3\n");
            assertThat(file()).hasContent("a\nb\n");
        }
    }

    @Test
    void linesBeyondTheNoteAreCutOff() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
        }
        Files.writeString(file(), "two\nthr", StandardOpenOption.APPEND);

        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("7\n");
            assertThat(file()).hasContent("one\n");
        }
    }

    @Test
    void tornSlotLeavesTheOneBefore() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
            server.bodyAt("8", "POST", "/insert", "two");
        }
        // The first note is of the empty file, so the third one, of position 8, is in the first slot again.
        overwrite(PositionNote.beside(file()), 12);

        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("7\n");
            assertThat(file()).hasContent("one\n");
        }
    }

    @Test
    void goesOnAfterATornSlot() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
        }
        overwrite(PositionNote.beside(file()), PositionNote.SLOT_BYTES + 12);
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
        }
        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("7\n");
            assertThat(file()).hasContent("one\n");
        }
    }

    @Test
    void noteWithoutAValidSlotIsRefused() throws IOException {
        Files.write(PositionNote.beside(file()), new byte[2 * PositionNote.SLOT_BYTES]);

        assertThatThrownBy(this::start).hasMessageContaining("no valid note");
    }

    @Test
    void linesThatAreMissingAreNotPassedOver() throws IOException {
        try (Running server = start()) {
            server.bodyAt("7", "POST", "/insert", "one");
        }
        Files.writeString(file(), "o");

        assertThatThrownBy(this::start).hasMessageContaining("4 at position 7");
    }

    @Test
    void fileWithoutANoteIsAdopted() throws IOException {
        Files.writeString(file(), "old\nolder");

        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("0\n");
            server.bodyAt("3", "POST", "/insert", "new");
        }
        try (Running server = start()) {
            assertThat(server.position()).isEqualTo("3\n");
            assertThat(file()).hasContent("old\nolder\nnew\n");
        }
    }

    @Test
    void unawareServiceTellsNoPosition() throws IOException {
        try (Running server = new Running(new LogService(new LineLog(file())))) {
            server.bodyAt("7", "POST", "/insert", "one");

            assertThat(server.status("GET", "/.well-known/hermes/position", "")).isEqualTo(404);
            assertThat(PositionNote.beside(file())).doesNotExist();
        }
    }

    private Running start() throws IOException {
        AppliedPosition applied = new AppliedPosition();
        return new Running(new AwareService(LogService.aware(file(), applied), applied));
    }

    private Path file() {
        return temp.resolve("operations.log");
    }

    private static void overwrite(Path path, long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            file.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
    }
}

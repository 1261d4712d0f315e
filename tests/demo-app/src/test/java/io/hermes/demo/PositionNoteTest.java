package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionNoteTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void positionIsToldAgainAfterARestart() throws IOException {
        try (LogService service = open()) {
            execute(service, 5, "one");
            execute(service, 9, "two");
            service.settle();
        }

        try (LogService service = open()) {
            assertThat(tell(service)).isEqualTo("9");
        }
    }

    @Test
    void linesBeyondTheNoteAreCutOff() throws IOException {
        try (LogService service = open()) {
            execute(service, 5, "one");
            service.settle();
        }
        Files.writeString(file(), Files.readString(file()) + "written, and not noted any more\nhalf a li");

        try (LogService service = open()) {
            assertThat(tell(service)).isEqualTo("5");
            assertThat(Files.readAllLines(file())).containsExactly("one");
        }
    }

    @Test
    void linesThatWereCutOffBeforeTheFirstNoteAreGone() throws IOException {
        try (LogService service = open()) {
            assertThat(tell(service)).isEqualTo("0");
        }
        Files.writeString(file(), "written, and not noted\n");

        try (LogService service = open()) {
            assertThat(tell(service)).isEqualTo("0");
            assertThat(Files.readAllLines(file())).isEmpty();
        }
    }

    @Test
    void tornSlotLeavesTheOlderNote() throws IOException {
        try (LogService service = open()) {
            execute(service, 5, "one");
            service.settle();
            execute(service, 9, "two");
            service.settle();
        }
        byte[] notes = Files.readAllBytes(note());
        // The third note, after the one at the start, stands in the first slot.
        notes[8] ^= 1;
        Files.write(note(), notes);

        try (LogService service = open()) {
            assertThat(tell(service)).isEqualTo("5");
            assertThat(Files.readAllLines(file())).containsExactly("one");
        }
    }

    @Test
    void adoptedLinesAreKept() throws IOException {
        Files.writeString(file(), "from before\n");

        try (LogService service = open()) {
            assertThat(tell(service)).isEqualTo("0");
            execute(service, 3, "new");
        }

        assertThat(Files.readAllLines(file())).containsExactly("from before", "new");
    }

    @Test
    void failpointIsPassedOnceAndKillsWhomItNames() throws Exception {
        Process victim = new ProcessBuilder("sleep", "60").start();
        Path point = Files.writeString(temp.resolve("app-executed"), "kill " + victim.pid() + "\n");
        Failpoints failpoints = new Failpoints(temp);

        failpoints.at("app-executed");
        failpoints.at("app-executed");

        assertThat(victim.isAlive()).isFalse();
        assertThat(point).doesNotExist();
    }

    private LogService open() throws IOException {
        return LogService.aware(file());
    }

    private Path file() {
        return temp.resolve("operations.log");
    }

    private Path note() {
        return temp.resolve("operations.log.position");
    }

    private static void execute(LogService service, long position, String line) throws IOException {
        HttpAnswer answer = service.execute(new HttpRequest(
                "POST",
                "/insert",
                Map.of("hermes-position", Long.toString(position)),
                line.getBytes(StandardCharsets.US_ASCII),
                true));
        assertThat(answer.status()).isEqualTo(200);
    }

    private static String tell(LogService service) throws IOException {
        HttpAnswer answer =
                service.execute(new HttpRequest("GET", "/.well-known/hermes/position", Map.of(), new byte[0], true));
        return new String(answer.body(), StandardCharsets.US_ASCII);
    }
}

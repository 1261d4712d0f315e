package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogServiceTest {

    @TempDir
    Path temp = Path.of("");

    private Running server;

    @BeforeEach
    void start() throws IOException {
        server = new Running(new LogService(new LineLog(file())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void insertIsAnsweredAsByTheOriginal() throws IOException {
        String answer = server.exchange("POST /insert HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 2\n\nhi");

        assertThat(answer)
                .isEqualTo(
                        "HTTP/1.1 200 OK\nContent-type: application/text\nContent-Length: 7\nConnection: close\n\nwritten");
    }

    @Test
    void insertedLineIsInTheFileBeforeTheAnswer() throws IOException {
        server.body("POST", "/insert", "one");

        assertThat(file()).hasContent("one\n");
    }

    @Test
    void linesAreCountedFromOne() throws IOException {
        server.body("POST", "/insert", "one");
        server.body("POST", "/insert", "tw\"o");

        assertThat(server.body("GET", "/line/1", "")).isEqualTo("\"one\"");
        assertThat(server.body("GET", "/line/2", "")).isEqualTo("\"tw\\\"o\"");
        assertThat(server.body("GET", "/line/0", "")).isEqualTo("\"tw\\\"o\"");
        assertThat(server.body("GET", "/line/-1", "")).isEqualTo("\"tw\\\"o\"");
    }

    @Test
    void absentLinesAreNull() throws IOException {
        assertThat(server.body("GET", "/line/0", "")).isEqualTo("null");
        assertThat(server.body("GET", "/line/1", "")).isEqualTo("null");
        assertThat(server.body("GET", "/line/-2", "")).isEqualTo("null");
        assertThat(server.body("GET", "/line/x", "")).isEqualTo("null");
    }

    @Test
    void otherPathsDoNothing() throws IOException {
        assertThat(server.body("GET", "/", "")).isEqualTo("\"nothing to do here\"");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String answer = server.exchange("POST /insert HTTP/1.1\nContent-Length: 1\n\na"
                + "GET /line/1 HTTP/1.1\n\nPOST /insert HTTP/1.1\nContent-Length: 1\n\nb"
                + "GET /line/0 HTTP/1.1\nConnection: close\n\n");

        assertThat(answer).containsSubsequence("written", "\"a\"", "written", "\"b\"");
    }

    @Test
    void chunkedBodyIsPutTogether() throws IOException {
        server.exchange(
                "POST /insert HTTP/1.1\nTransfer-Encoding: chunked\nConnection: close\n\n2\nab\n1;x\nc\n0\nT: 1\n\n");

        assertThat(file()).hasContent("abc\n");
    }

    @Test
    void malformedRequestsAreRefusedAndSurvived() throws IOException {
        assertThat(server.exchange("NONSENSE\n\n")).startsWith("HTTP/1.1 400");
        assertThat(server.exchange("GET / HTTP/1.1\nContent-Length: x\n\n")).startsWith("HTTP/1.1 400");
        assertThat(server.exchange("GET / HTTP/1.1\nContent-Length: 999999999\n\n"))
                .startsWith("HTTP/1.1 413");

        assertThat(server.body("GET", "/", "")).isEqualTo("\"nothing to do here\"");
    }

    @Test
    void headHasNoBody() throws IOException {
        assertThat(server.exchange("HEAD / HTTP/1.1\nConnection: close\n\n"))
                .contains("Content-Length: 20")
                .endsWith("\n\n");
    }

    @Test
    void bodyIsAskedForWhenItsSenderWaits() throws IOException {
        String answer = server.exchange(
                "POST /insert HTTP/1.1\nExpect: 100-continue\nContent-Length: 1\nConnection: close\n\nz");

        assertThat(answer).endsWith("written");
    }

    @Test
    void digestsOfEqualFilesAreEqual() throws IOException {
        server.body("POST", "/insert", "one");
        String digest = server.body("GET", "/digest", "");

        try (LineLog again = new LineLog(file())) {
            assertThat(digest)
                    .isEqualTo(String.format("{\"lines\":1,\"bytes\":4,\"digest\":\"%08x\"}", again.digest()));
        }
    }

    @Test
    void existingFileIsIndexed() throws IOException {
        Path other = Files.writeString(temp.resolve("other"), "a\n\nccc\n");

        try (Running second = new Running(new LogService(new LineLog(other)))) {
            assertThat(second.body("GET", "/line/3", "")).isEqualTo("\"ccc\"");
            assertThat(second.body("GET", "/line/2", "")).isEqualTo("\"\"");
        }
    }

    @Test
    void onlyANewFileIsPopulated() throws IOException {
        Path fresh = temp.resolve("fresh");
        try (LineLog log = new LineLog(fresh)) {
            LogServer.populate(log);
        }
        try (LineLog log = new LineLog(fresh)) {
            LogServer.populate(log);

            assertThat(log.lines()).isEqualTo(1_000);
            assertThat(new String(log.line(999), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("automatic-populated-999");
        }
    }

    private Path file() {
        return temp.resolve("logs").resolve("operations.log");
    }
}

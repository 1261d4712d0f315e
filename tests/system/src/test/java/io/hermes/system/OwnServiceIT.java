package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./hermes demo -- COMMAND} with somebody's own service, a small one in Python. Also the regression tests of what the
 * original did to other people's services (its status codes became 200, headers vanished, paths were answered with 301…).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnServiceIT {

    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        Path service = Path.of("src", "test", "resources", "service.py");
        demo = Demo.in(directory)
                .option("--set", "snapshot.via=http")
                .option("--set", "snapshot.http.take=/state", "--set", "snapshot.http.restore=/state")
                .command("python3", service.toString(), "{port}")
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @Test
    void stateIsKeptAcrossRequests() throws Exception {
        HttpResponse<String> created = demo.post("/notes", "remember");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location").orElse("")).startsWith("/notes/");
        assertThat(demo.get("/notes").body()).contains("remember");
    }

    @Test
    void serviceIsGivenBackTheStateThatItGave() throws Exception {
        var unused = demo.post("/notes", "before the snapshot");

        SnapshotRestart.of(demo, "replica-1");

        String answer = "";
        for (int i = 0; i < 200 && answer.isEmpty(); i++) {
            HttpResponse<String> notes = demo.get("/notes");
            boolean byTheRestored =
                    notes.headers().firstValue("Hermes-Replica").orElse("").equals("replica-1");
            answer = byTheRestored ? notes.body() : "";
        }
        assertThat(answer)
                .contains("before the snapshot")
                .isEqualTo(demo.get("/notes").body());
    }

    @Test
    void cookiesComeBackEachInItsOwnField() throws Exception {
        HttpResponse<String> visit = demo.get("/visit");

        assertThat(visit.headers().allValues("Set-Cookie"))
                .hasSize(2)
                .contains("seen=yes; HttpOnly")
                .anyMatch(cookie -> cookie.startsWith("visit="));
    }

    @Test
    void absentPageStaysAbsent() throws Exception {
        HttpResponse<String> absent = demo.get("/nowhere");

        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(absent.headers().firstValue("X-Kind")).contains("absent");
        assertThat(absent.body()).isEqualTo("no /nowhere");
    }

    @Test
    void ownFailureOfTheServiceIsItsAnswer() throws Exception {
        HttpResponse<String> failure = demo.get("/boom");

        assertThat(failure.statusCode()).isEqualTo(500);
        assertThat(failure.headers().firstValue("X-Reason")).contains("asked for");
        assertThat(failure.body()).isEqualTo("own failure");
    }

    @Test
    void unsupportedMethodIsTheServicesToRefuse() throws Exception {
        HttpResponse<String> refused = demo.send(
                HttpRequest.newBuilder(demo.uri("/notes")).method("PURGE", HttpRequest.BodyPublishers.noBody()));

        assertThat(refused.statusCode()).isEqualTo(501);
        assertThat(refused.headers().firstValue("Hermes-Replica")).isPresent();
    }

    @Test
    void redirectIsPassedOnNotFollowed() throws Exception {
        HttpResponse<String> redirect = demo.get("/old");

        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("Location")).contains("/notes");
        assertThat(redirect.body()).isEqualTo("moved");
    }

    @Test
    void contentEncodingIsLeftAlone() throws Exception {
        HttpResponse<byte[]> zipped = demo.client()
                .send(HttpRequest.newBuilder(demo.uri("/zip")).build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).startsWith("zipped zipped");
        }
    }

    @Test
    void notModifiedComesBackAsSuch() throws Exception {
        String tag = demo.get("/notes").headers().firstValue("ETag").orElse("");

        String answer = RawHttp.exchange(
                demo.port(), "GET /notes HTTP/1.1\nHost: x\nIf-None-Match: " + tag + "\nConnection: close\n\n");

        assertThat(answer).startsWith("HTTP/1.1 304").contains("ETag: " + tag);
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).doesNotContain("content-length");
    }

    @Test
    void noContentHasNoBody() throws Exception {
        HttpResponse<String> none = demo.get("/none");

        assertThat(none.statusCode()).isEqualTo(204);
        assertThat(none.body()).isEmpty();
    }

    @Test
    void headTellsTheLengthThatGetHas() throws Exception {
        int length = demo.get("/zip").body().length();

        String answer = RawHttp.exchange(demo.port(), "HEAD /zip HTTP/1.1\nHost: x\nConnection: close\n\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Length: " + length)
                .endsWith("\r\n\r\n");
    }

    @Test
    void contentTypeKeepsItsCase() throws Exception {
        assertThat(demo.get("/notes").headers().firstValue("Content-Type")).contains("application/json; charset=UTF-8");
    }

    @Test
    void pathArrivesByteForByte() throws Exception {
        String answer = RawHttp.exchange(
                demo.port(), "GET /echo//a/./../b%2Fc%25d?q=%20+ HTTP/1.1\nHost: x\nConnection: close\n\n");

        assertThat(answer).startsWith("HTTP/1.1 200").contains("\"path\": \"/echo//a/./../b%2Fc%25d?q=%20+\"");
    }

    @Test
    void pathThatBeginsWithTwoSlashesIsNotARedirect() throws Exception {
        String answer = RawHttp.exchange(demo.port(), "GET //x/../y HTTP/1.1\nHost: x\nConnection: close\n\n");

        // Python's own http.server reduces leading slashes to one; that it was asked is what counts.
        assertThat(answer).startsWith("HTTP/1.1 404").contains("no /x/../y");
    }

    @Test
    void chunkedBodyArrivesWhole() throws Exception {
        String answer = RawHttp.exchange(
                demo.port(),
                "POST /notes HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nConnection: close\n\n"
                        + "5\nchunk\n3;ext=1\ned!\n0\nTrailer: 1\n\n");

        assertThat(answer).startsWith("HTTP/1.1 201");
        assertThat(demo.get("/notes").body()).contains("chunked!");
    }

    @Test
    void hopByHopFieldsEndAtTheIngress() throws Exception {
        String answer = RawHttp.exchange(
                demo.port(),
                "GET /echo HTTP/1.1\nHost: x\nConnection: close, X-Private, Upgrade\nX-Private: 1\nKeep-Alive: 5\nTE: trailers\n"
                        + "Upgrade: websocket\nHermes-Position: 7\nX-Public: 2\n\n");

        assertThat(answer)
                .contains("\"X-Public\": \"2\"")
                .contains("\"Via\": \"1.1 hermes\"")
                .doesNotContain("X-Private")
                .doesNotContain("Keep-Alive")
                .doesNotContain("Upgrade")
                .doesNotContain("\"Hermes-Position\": \"7\"");
    }

    @Test
    void serviceIsGivenLogTimeAndSeed() throws Exception {
        assertThat(demo.get("/echo").body()).contains("Hermes-Time").contains("Hermes-Seed");
    }
}

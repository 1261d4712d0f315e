package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpAppClientTest {

    private static final int ANSWER_BYTES_MAX = 4 << 20;

    private final AtomicBoolean alive = new AtomicBoolean(true);

    @Test
    void requestArrivesByteForByte() throws Exception {
        Request request = new Request(
                "PATCH",
                "//a/../b%2Fc?x=%20&y=\u00e9",
                List.of(
                        new Header("hOsT", "service.test"),
                        new Header("X-Latin", "caf\u00e9"),
                        new Header("X-Latin", "2")),
                "body".getBytes(StandardCharsets.US_ASCII));
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + talk.readBody(4));
        })) {
            List<Answer> answers = apply(app, 1, Calls.call(5, request));

            assertThat(app.heads().poll(1, TimeUnit.SECONDS))
                    .isEqualTo(
                            "PATCH //a/../b%2Fc?x=%20&y=\u00e9 HTTP/1.1\r\nhOsT: service.test\r\nX-Latin: caf\u00e9\r\n"
                                    + "X-Latin: 2\r\nHermes-Position: 5\r\nHermes-Request-Id: ingress-0-1.5\r\n"
                                    + "Hermes-Time: 1700000000000\r\nHermes-Seed: 7\r\nContent-Length: 4\r\n\r\n");
            assertThat(body(answers.get(0))).isEqualTo("body");
        }
    }

    @Test
    void answerComesBackUnchanged() throws Exception {
        Answer answer = answerTo(
                "GET",
                "HTTP/1.1 404 Nope\r\ncontent-TYPE: text/html; charset=UTF-8\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
                        + "ETag: \"x\"\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 3\r\n\r\nno!");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers())
                .containsExactly(
                        new Header("content-TYPE", "text/html; charset=UTF-8"),
                        new Header("Set-Cookie", "a=1"),
                        new Header("Set-Cookie", "b=2"),
                        new Header("ETag", "\"x\""));
        assertThat(body(answer)).isEqualTo("no!");
    }

    @Test
    void chunkedAnswerIsPutTogether() throws Exception {
        Answer answer = answerTo(
                "GET",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n");

        assertThat(body(answer)).isEqualTo("abcde");
        assertThat(answer.headers()).isEmpty();
    }

    @Test
    void answerWithoutLengthEndsWithItsConnection() throws Exception {
        Answer answer = answerTo("GET", "HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nuntil the end");

        assertThat(body(answer)).isEqualTo("until the end");
    }

    @Test
    void answerToHeadKeepsItsLengthAndHasNoBody() throws Exception {
        Answer answer = answerTo("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");

        assertThat(answer.headers()).containsExactly(new Header("Content-Length", "1234"));
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void notModifiedHasNoBody() throws Exception {
        Answer answer = answerTo("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void interimAnswersArePassedOver() throws Exception {
        Answer answer = answerTo(
                "POST",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                        + "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.headers()).isEmpty();
    }

    @Test
    void serverErrorIsAnAnswer() throws Exception {
        assertThat(answerTo("GET", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
                        .status())
                .isEqualTo(500);
    }

    @Test
    void pipelinedRequestsLeaveTogether() throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                String head = talk.readHead();
                talk.readBody(1);
                answers.append("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n")
                        .append(head.charAt(head.indexOf("/") + 1));
            }
            talk.say(answers.toString());
            talk.awaitClose();
        })) {
            List<Answer> answers = apply(
                    app,
                    8,
                    Calls.call(1, Calls.request("POST", "/a", "1")),
                    Calls.call(3, Calls.request("POST", "/b", "2")),
                    Calls.call(5, Calls.request("POST", "/c", "3")));

            assertThat(answers).extracting(HttpAppClientTest::body).containsExactly("a", "b", "c");
        }
    }

    @Test
    void withoutPipeliningARequestWaitsForTheAnswerBefore() throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
            for (int i = 0; i < 2; i++) {
                talk.readHead();
                talk.readBody(1);
                talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + i);
            }
            talk.awaitClose();
        })) {
            List<Answer> answers = apply(
                    app,
                    1,
                    Calls.call(1, Calls.request("POST", "/a", "1")),
                    Calls.call(3, Calls.request("POST", "/b", "2")));

            assertThat(answers).extracting(HttpAppClientTest::body).containsExactly("0", "1");
        }
    }

    @Test
    void appThatClosesAfterEachAnswerIsConnectedToAnew() throws Exception {
        ScriptedApp.Script once = talk -> {
            talk.readHead();
            talk.readBody(1);
            talk.say("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };
        try (ScriptedApp app = new ScriptedApp(0, once, once)) {
            List<Answer> answers = apply(
                    app,
                    1,
                    Calls.call(1, Calls.request("POST", "/a", "1")),
                    Calls.call(3, Calls.request("POST", "/b", "2")));

            assertThat(answers).extracting(HttpAppClientTest::body).containsExactly("ok", "ok");
        }
    }

    @Test
    void longRequestAndLongAnswerDoNotLockUp() throws Exception {
        byte[] large = new byte[3 << 20];
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
            talk.readHead();
            // Answers completely before it reads the body.
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + large.length + "\r\n\r\n");
            talk.say(large);
            talk.readBody(large.length);
            talk.awaitClose();
        })) {
            Request request = new Request("POST", "/", List.of(), large);

            List<Answer> answers = apply(app, 1, Calls.call(1, request));

            assertThat(answers.get(0).body()).hasSize(large.length);
        }
    }

    @Test
    void answerOverTheBoundIsGivenButNotKept() throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: " + (ANSWER_BYTES_MAX + 1) + "\r\n\r\n");
            talk.say(new byte[ANSWER_BYTES_MAX + 1]);
            talk.awaitClose();
        })) {
            List<AppAnswer> answers = new ArrayList<>();
            try (HttpAppClient client = client(app.port(), 1, Duration.ofSeconds(10))) {
                client.apply(List.of(Calls.call(1, Calls.request("GET", "/", ""))), collecting(answers));
            }

            assertThat(answers).containsExactly(new AppAnswer(null));
        }
    }

    @Test
    void closeWithoutAnswerIsDoubt() throws Exception {
        assertInDoubt(talk -> talk.readHead(), "without an answer", "position 9");
    }

    @Test
    void truncatedAnswerIsDoubt() throws Exception {
        assertInDoubt(
                talk -> {
                    talk.readHead();
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                },
                "position 9");
    }

    @Test
    void answerThatIsNotHttpIsDoubt() throws Exception {
        assertInDoubt(
                talk -> {
                    talk.readHead();
                    talk.say("220 mail.test ESMTP\r\n\r\n");
                    talk.awaitClose();
                },
                "not HTTP",
                "position 9");
    }

    @Test
    void answerThatTakesTooLongIsDoubt() throws Exception {
        assertInDoubt(
                talk -> {
                    talk.readHead();
                    talk.awaitClose();
                },
                "app.timeout",
                "position 9");
    }

    @Test
    void answerThatTricklesBeyondTheTimeoutIsDoubt() throws Exception {
        assertInDoubt(
                talk -> {
                    talk.readHead();
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
                    for (int i = 0; i < 1_000; i++) {
                        talk.say("x");
                        pauseBriefly();
                    }
                },
                "app.timeout",
                "position 9");
    }

    @Test
    void unaskedAnswerPutsTheRequestBeforeItInDoubt() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
                    talk.readHead();
                    talk.say(answer + answer);
                });
                HttpAppClient client = client(app.port(), 1, Duration.ofMillis(500))) {
            assertThatThrownBy(() -> client.apply(
                            List.of(Calls.call(9, Calls.request("GET", "/", ""))), collecting(new ArrayList<>())))
                    .isInstanceOfSatisfying(AppInDoubtException.class, doubt -> assertThat(doubt.position())
                            .isEqualTo(9))
                    .hasMessageContaining("more than one answer");
        }
    }

    @Test
    void bytesThatComeLaterWithoutAQuestionAreBlamedOnTheRequestBefore() throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
                    talk.readHead();
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                    pauseBriefly();
                    talk.say("body");
                    talk.awaitClose();
                });
                HttpAppClient client = client(app.port(), 1, Duration.ofMillis(500))) {
            client.apply(List.of(Calls.call(9, Calls.request("HEAD", "/", ""))), collecting(new ArrayList<>()));
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThatThrownBy(
                            () -> client.apply(
                                    List.of(Calls.call(11, Calls.request("GET", "/", ""))),
                                    collecting(new ArrayList<>())))
                    .isInstanceOfSatisfying(AppInDoubtException.class, doubt -> assertThat(doubt.position())
                            .isEqualTo(9)));
        }
    }

    @Test
    void connectionThatTheAppClosedMeanwhileIsReplacedWithoutDoubt() throws Exception {
        ScriptedApp.Script answersOnce = talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        List<AppAnswer> answers = new ArrayList<>();
        try (ScriptedApp app = new ScriptedApp(0, answersOnce, answersOnce);
                HttpAppClient client = client(app.port(), 1, Duration.ofMillis(500))) {
            client.apply(List.of(Calls.call(9, Calls.request("GET", "/", ""))), collecting(answers));
            pauseBriefly();
            pauseBriefly();
            client.apply(List.of(Calls.call(11, Calls.request("GET", "/", ""))), collecting(answers));

            assertThat(answers).hasSize(2);
        }
    }

    @Test
    void positionIsAskedForWithoutHermesFields() throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
                    talk.readHead();
                    talk.say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n42\n");
                });
                HttpAppClient client = client(app.port(), 1, Duration.ofMillis(500))) {
            assertThat(client.tellPosition()).isEqualTo(42);
            assertThat(app.heads().take()).startsWith("GET /position HTTP/1.1").doesNotContain("Hermes-");
        }
    }

    @Test
    void appOfSomebodyElseThatBeganAnewWithLessIsNoticed() throws Exception {
        ScriptedApp.Script answersOnce = talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        };
        ScriptedApp.Script tellsLess = talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n5");
        };
        try (ScriptedApp app = new ScriptedApp(0, answersOnce, tellsLess);
                HttpAppClient client = attached(app.port())) {
            client.apply(List.of(Calls.call(9, Calls.request("POST", "/", "x"))), collecting(new ArrayList<>()));

            assertThatThrownBy(() -> client.apply(
                            List.of(Calls.call(11, Calls.request("POST", "/", "y"))), collecting(new ArrayList<>())))
                    .isInstanceOf(AppGoneException.class)
                    .hasMessageContainingAll("executed position 9", "tells 5");
        }
    }

    @Test
    void appOfSomebodyElseThatClosesEachConnectionIsAskedAndGoesOn() throws Exception {
        ScriptedApp.Script answersOnce = talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n9");
        };
        List<AppAnswer> answers = new ArrayList<>();
        try (ScriptedApp app = new ScriptedApp(0, answersOnce, answersOnce, answersOnce);
                HttpAppClient client = attached(app.port())) {
            client.apply(List.of(Calls.call(9, Calls.request("POST", "/", ""))), collecting(answers));
            client.apply(List.of(Calls.call(11, Calls.request("POST", "/", ""))), collecting(answers));

            assertThat(answers).hasSize(2);
        }
    }

    @Test
    void whatIsNoPositionIsExplained() throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
                    talk.readHead();
                    talk.say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                });
                HttpAppClient client = client(app.port(), 1, Duration.ofMillis(500))) {
            assertThatThrownBy(client::tellPosition)
                    .isInstanceOf(HaltException.class)
                    .hasMessageContainingAll("404", "app.position-path");
        }
    }

    @Test
    void appThatRefusesConnectionsIsWaitedFor() throws Exception {
        int port = freePort();
        CompletableFuture<List<AppAnswer>> done = CompletableFuture.supplyAsync(() -> {
            List<AppAnswer> answers = new ArrayList<>();
            try (HttpAppClient client = client(port, 1, Duration.ofSeconds(10))) {
                client.apply(List.of(Calls.call(1, Calls.request("GET", "/", ""))), collecting(answers));
            } catch (AppInDoubtException | AppGoneException e) {
                throw new IllegalStateException(e);
            }
            return answers;
        });

        try (ScriptedApp app = new ScriptedApp(port, talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 204 No Content\r\n\r\n");
            talk.awaitClose();
        })) {
            assertThat(app.port()).isEqualTo(port);
            assertThat(done.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void appWhoseProcessEndedIsNotWaitedFor() throws Exception {
        alive.set(false);
        try (HttpAppClient client = client(freePort(), 1, Duration.ofSeconds(10))) {
            assertThatThrownBy(client::awaitListening).isInstanceOf(AppGoneException.class);
        }
    }

    @Test
    void stopEndsAWaitWithoutEnd() throws Exception {
        try (HttpAppClient client = client(freePort(), 1, Duration.ofSeconds(10))) {
            client.stop();

            assertThatThrownBy(client::awaitListening).isInstanceOf(AppGoneException.class);
        }
    }

    @Test
    void stopEndsALongBatchBetweenTwoRequestsSoonEnoughForTheLastToBeAnswered() throws Exception {
        ScriptedApp.Script slow = talk -> {
            while (true) {
                talk.readHead();
                pauseBriefly();
                talk.say("HTTP/1.1 204 No Content\r\n\r\n");
            }
        };
        List<AppCall> batch = new ArrayList<>();
        for (int position = 1; position <= 1_000; position++) {
            batch.add(Calls.call(position, Calls.request("POST", "/insert", "")));
        }
        List<AppAnswer> answers = new ArrayList<>();
        try (ScriptedApp app = new ScriptedApp(0, slow);
                HttpAppClient client = client(app.port(), 1, Duration.ofSeconds(10))) {
            client.stop();

            assertThatThrownBy(() -> client.apply(batch, collecting(answers))).isInstanceOf(AppGoneException.class);

            assertThat(answers).hasSizeBetween(2, 200);
            assertThat(app.heads()).hasSameSizeAs(answers);
        }
    }

    private void assertInDoubt(ScriptedApp.Script script, String... told) throws IOException {
        try (ScriptedApp app = new ScriptedApp(0, script);
                HttpAppClient client = client(app.port(), 1, Duration.ofMillis(500))) {
            assertThatThrownBy(() -> client.apply(
                            List.of(Calls.call(9, Calls.request("GET", "/", ""))), collecting(new ArrayList<>())))
                    .isInstanceOf(AppInDoubtException.class)
                    .hasMessageContainingAll(told);
        }
    }

    private Answer answerTo(String method, String said) throws Exception {
        try (ScriptedApp app = new ScriptedApp(0, talk -> {
            talk.readHead();
            talk.say(said);
        })) {
            return apply(app, 1, Calls.call(1, Calls.request(method, "/", ""))).get(0);
        }
    }

    private List<Answer> apply(ScriptedApp app, int pipelining, AppCall... calls) throws Exception {
        List<AppAnswer> answers = new ArrayList<>();
        try (HttpAppClient client = client(app.port(), pipelining, Duration.ofSeconds(10))) {
            client.apply(List.of(calls), collecting(answers));
        }
        List<Answer> kept = new ArrayList<>();
        for (AppAnswer answer : answers) {
            Answer given = answer.answer();
            if (given == null) {
                throw new AssertionError("an answer was not kept");
            }
            kept.add(given);
        }
        return kept;
    }

    private HttpAppClient client(int port, int pipelining, Duration timeout) {
        AppConfig config = new AppConfig(
                AppKind.DISPOSABLE,
                "127.0.0.1",
                port,
                List.of("true"),
                Path.of("app"),
                Path.of("note"),
                null,
                null,
                "/position",
                pipelining,
                timeout,
                ANSWER_BYTES_MAX,
                Duration.ofMillis(100));
        return new HttpAppClient(config, alive::get, System::nanoTime);
    }

    private HttpAppClient attached(int port) {
        AppConfig config = new AppConfig(
                AppKind.POSITION_AWARE,
                "127.0.0.1",
                port,
                List.of(),
                Path.of("app"),
                Path.of("note"),
                null,
                null,
                "/position",
                1,
                Duration.ofMillis(500),
                ANSWER_BYTES_MAX,
                Duration.ofMillis(100));
        return new HttpAppClient(config, alive::get, System::nanoTime);
    }

    private static App.Answers collecting(List<AppAnswer> answers) {
        return new App.Answers() {
            @Override
            public void onAnswer(AppCall call, AppAnswer answer) {
                answers.add(answer);
            }

            @Override
            public void onPause() {}
        };
    }

    /** The trickle itself is what is tested, so it takes time. */
    private static void pauseBriefly() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String body(Answer answer) {
        return new String(answer.body(), StandardCharsets.ISO_8859_1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

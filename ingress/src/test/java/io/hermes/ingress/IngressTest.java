package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.log.memory.MemoryScheduler;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Jetty in front, the log in memory behind, scripted replicas. */
@Timeout(60)
class IngressTest {

    /** Loses appends of requests when told to. */
    private static final class LossyScheduler implements MemoryScheduler {
        private final AtomicInteger toLose = new AtomicInteger();
        private volatile boolean stored;
        private volatile boolean appendsOnly;

        @Override
        public void schedule(MemoryEvent event) {
            boolean isAppend = event.kind() == MemoryEvent.Kind.APPEND;
            if (isAppend && appendsOnly && toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                event.lose(stored);
            } else {
                event.happen();
            }
        }

        void loseNextAppend(boolean storedAllTheSame) {
            stored = storedAllTheSame;
            appendsOnly = true;
            toLose.set(1);
        }
    }

    private static final String INCARNATION = "ingress-0-0123456789abcdef";

    private final LossyScheduler scheduler = new LossyScheduler();
    private final MemoryCluster cluster = new MemoryCluster("memory", 1 << 20, scheduler);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Ingress ingress;
    private @Nullable ScriptedReplica first;
    private @Nullable ScriptedReplica second;

    @AfterEach
    void closeAll() throws Exception {
        if (ingress != null) {
            ingress.close();
        }
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }

    @Test
    void withoutReplicaNothingIsOrdered() throws Exception {
        startIngress(config());

        HttpResponse<String> response = post("lonely");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("urn:hermes:problem:not-ordered").contains("no replica is serving");
    }

    @Test
    void answerOfTheAppComesBack() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        HttpResponse<String> response = post("hello");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("done by replica-0 hello");
        assertThat(response.headers().firstValue("X-App")).contains("yes");
        assertThat(response.headers().firstValue("Hermes-Replica")).contains("replica-0");
        assertThat(replica.requests()).hasSize(1);
    }

    @Test
    void recordHoldsTheRequestWithoutHopByHopFields() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        send(HttpRequest.newBuilder(uri("//a/%2F?q=1"))
                .header("X-Kept", "Value")
                .header("Hermes-Position", "9")
                .header("TE", "trailers")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("body")));

        RequestRecord record = replica.requests().get(0);
        assertThat(record.request().method()).isEqualTo("PATCH");
        assertThat(record.request().target()).isEqualTo("//a/%2F?q=1");
        assertThat(record.request().headers())
                .contains(new Header("X-Kept", "Value"), new Header("Via", "1.1 hermes"))
                .noneMatch(header ->
                        header.isNamed("Hermes-Position") || header.isNamed("TE") || header.isNamed("Content-Length"));
    }

    /** On Kafka appliers are woken by this many bytes: by each request, but by no barrier alone (ADR 0035). */
    @Test
    void smallestRequestIsWorthAWakeUpAndABarrierIsNot() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port())) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
        BarrierRecord barrier = new BarrierRecord(
                new CorrelationId(new Incarnation(INCARNATION), Long.MAX_VALUE), ReplyRoute.NOBODY, Long.MAX_VALUE);

        int wakesUp = 200 - 68;
        assertThat(RecordCodec.encode(replica.requests().get(0))).hasSizeGreaterThan(wakesUp);
        assertThat(RecordCodec.encode(barrier)).hasSizeLessThan(wakesUp);
    }

    @Test
    void replyArrivesOnceEvenIfItIsSentTwice() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        replica.replyTimes(2);
        startReadyIngress(config());

        assertThat(post("one").body()).isEqualTo("done by replica-0 one");
        assertThat(post("two").body()).isEqualTo("done by replica-0 two");
    }

    @Test
    void finishedRequestsAreToldToTheReplicas() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        post("one");
        post("two");

        post("three");

        RequestRecord third = replica.requests().get(2);
        assertThat(third.lowestUnfinished()).isEqualTo(3);
        assertThat(third.seenThrough()).isPositive();
    }

    @Test
    void replicaThatTakesASnapshotIsNotTheResponder() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();
        replica.toSnapshot(true);

        await().until(() -> {
            int before = replica.requests().size();
            for (int i = 0; i < 8; i++) {
                post("r" + i);
            }
            return replica.requests().stream()
                    .skip(before)
                    .allMatch(record -> record.route().responder().equals("replica-1"));
        });
    }

    @Test
    void onlyReplicaAnswersThoughItTakesASnapshot() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        replica.toSnapshot(true);
        startReadyIngress(config());

        assertThat(post("hello").body()).isEqualTo("done by replica-0 hello");
    }

    @Test
    void respondersTakeTurnsBySlices() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();

        for (int i = 0; i < 8; i++) {
            post("r" + i);
        }

        List<String> responders = replica.requests().stream()
                .map(record -> record.route().responder())
                .toList();
        assertThat(responders.subList(responders.size() - 8, responders.size()))
                .containsOnly("replica-0", "replica-1")
                .containsSubsequence("replica-0", "replica-0")
                .containsSubsequence("replica-1", "replica-1");
    }

    @Test
    void anotherReplicaIsAskedWhenTheResponderIsSilent() throws Exception {
        ScriptedReplica silent = startReplica("replica-0");
        ScriptedReplica other = startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();
        silent.toSilent();

        for (int i = 0; i < 6; i++) {
            assertThat(post("r" + i).statusCode()).isEqualTo(201);
        }

        assertThat(other.questions()).isNotEmpty().allSatisfy(question -> {
            assertThat(question.route().responder()).isEqualTo("replica-1");
            assertThat(question.position()).isPositive();
        });
    }

    @Test
    void lostAppendIsRepeatedUnderTheSameId() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        scheduler.loseNextAppend(false);
        HttpResponse<String> response = post("lost once");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(replica.requests()).hasSize(1);
    }

    @Test
    void appendThatWasOrderedButNotAcknowledgedIsAnsweredOnce() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        scheduler.loseNextAppend(true);
        HttpResponse<String> response = post("stored");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(replica.requests()).extracting(RequestRecord::correlation).hasSizeGreaterThanOrEqualTo(1);
        assertThat(replica.requests().stream().map(RequestRecord::correlation).distinct())
                .hasSize(1);
    }

    @Test
    void withoutAnswerInTimeTheOutcomeIsUnknown() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        replica.toSilent();

        HttpResponse<String> response = post("never answered");

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.headers().firstValue("Hermes-Request-Id").orElse(""))
                .startsWith(INCARNATION + ".");
        assertThat(response.body()).contains("urn:hermes:problem:outcome-unknown");
    }

    @Test
    void slotIsFreedByProofThatTheRequestWasApplied() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config());
        replica.toSilent();

        post("never answered");

        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().pending() == 0);
    }

    @Test
    void slotIsKeptWhileNobodyHasAppliedTheRequest() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config());
        replica.toPaused(true);

        assertThat(post("not applied").statusCode()).isEqualTo(504);

        assertThat(started.status().pending()).isEqualTo(1);
        replica.toPaused(false);
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().pending() == 0);
    }

    @Test
    void requestsBeyondTheBoundAreNotOrdered() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config(2));
        replica.toPaused(true);
        CompletableFuture<HttpResponse<String>> one = postAsync("one");
        CompletableFuture<HttpResponse<String>> two = postAsync("two");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ingress != null && ingress.status().pending() == 2);

        HttpResponse<String> third = post("three");

        assertThat(third.statusCode()).isEqualTo(503);
        assertThat(third.body()).contains("ingress.pending-max");
        replica.toPaused(false);
        assertThat(one.join().statusCode()).isEqualTo(201);
        assertThat(two.join().statusCode()).isEqualTo(201);
    }

    @Test
    void closingIngressAnswersWhatItLetIn() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config());
        replica.toPaused(true);
        CompletableFuture<HttpResponse<String>> waiting = postAsync("let in");
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().pending() == 1);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
        replica.toPaused(false);

        assertThat(waiting.join().statusCode()).isEqualTo(201);
        closing.join();
    }

    @Test
    void keyNamesTheRequestWithinItsPrincipal() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        HttpResponse<String> mine = send(keyed("\"order 7\"", "body").header("Authorization", "Basic bWU6eA=="));
        send(keyed("order 7", "body").header("Authorization", "Basic bWU6eA=="));
        send(keyed("order 7", "body"));

        List<RequestId> ids = replica.requests().stream()
                .map(record -> record.identity().id())
                .toList();
        assertThat(mine.headers().firstValue("Hermes-Request-Id")).contains("order 7");
        assertThat(ids.get(0)).isEqualTo(ids.get(1));
        assertThat(ids.get(2)).isEqualTo(new RequestId.Key("", "order 7")).isNotEqualTo(ids.get(0));
    }

    @Test
    void badKeyIsRefusedBeforeAnythingIsOrdered() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        assertThat(send(keyed("", "body")).statusCode()).isEqualTo(400);
        assertThat(send(keyed("x".repeat(256), "body")).statusCode()).isEqualTo(400);
        assertThat(send(keyed("one", "body").header("Idempotency-Key", "two")).body())
                .contains("more than one Idempotency-Key");
        assertThat(replica.requests()).isEmpty();
    }

    @Test
    void whatAReplicaToldBecomesTheRightProblem() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        Map<ReplyOutcome.Told, Integer> statuses = Map.of(
                ReplyOutcome.Told.DIFFERENT_REQUEST, 422,
                ReplyOutcome.Told.ANSWER_NOT_KEPT, 409,
                ReplyOutcome.Told.CANCELLED, 409,
                ReplyOutcome.Told.NOT_APPLIED, 504,
                ReplyOutcome.Told.FORGOTTEN, 504);

        for (Map.Entry<ReplyOutcome.Told, Integer> each : statuses.entrySet()) {
            replica.tells(each.getKey());

            HttpResponse<String> response = send(keyed("k", "body"));

            assertThat(response.statusCode()).as("%s", each.getKey()).isEqualTo(each.getValue());
            assertThat(response.headers().firstValue("Hermes-Request-Id")).contains("k");
        }
    }

    @Test
    void idOfAnUnknownOutcomeIsToldToTheReplicasBeforeItIsReleased() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        replica.toSilent();

        post("never answered");

        await().atMost(Duration.ofSeconds(10)).until(() -> !replica.keeps().isEmpty());
        assertThat(replica.keeps().get(0).numbers()).containsExactly(1L);
    }

    @Test
    void idOfAnUnknownOutcomeMayBeSentAsAKey() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        send(keyed(INCARNATION + ".41", "body"));

        assertThat(replica.requests().get(0).identity().id())
                .isEqualTo(new RequestId.Made(new CorrelationId(new Incarnation(INCARNATION), 41)));
    }

    @Test
    void whatBecameOfARequestIsToldAsJson() throws Exception {
        startReplica("replica-0");
        startReadyIngress(config());
        send(keyed("a/b c", "body"));

        HttpResponse<String> applied = send(HttpRequest.newBuilder(uri("/.well-known/hermes/requests/a%2Fb%20c")));

        assertThat(applied.statusCode()).isEqualTo(200);
        assertThat(applied.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(applied.body()).contains("\"request-id\":\"a/b c\"", "\"state\":\"applied\"", "\"status\":201");
    }

    @Test
    void cancellationIsOrdered() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());
        replica.tells(ReplyOutcome.Told.CANCELLED);

        HttpResponse<String> cancelled = send(
                HttpRequest.newBuilder(uri("/.well-known/hermes/requests/k")).DELETE());

        assertThat(cancelled.body()).contains("\"state\":\"cancelled\"");
        assertThat(replica.delivered())
                .filteredOn(InquiryRecord.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(InquiryRecord.class, inquiry -> assertThat(inquiry.cancel())
                        .isTrue());
    }

    @Test
    void nothingElseIsFoundBelowOurOwnPath() throws Exception {
        startReplica("replica-0");
        startReadyIngress(config());

        assertThat(send(HttpRequest.newBuilder(uri("/.well-known/hermes/nothing")))
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<String> posted = send(HttpRequest.newBuilder(uri("/.well-known/hermes/requests/k"))
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD, DELETE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void refusedConnectEndsTheConnection(String field) throws Exception {
        Ingress started = startIngress(config());
        String answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n" + field + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));

            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(answer).startsWith("HTTP/1.1 501 ").contains("\r\nConnection: close\r\n");
    }

    @Test
    void whoWritesOnGetsToReadThatItsBodyIsTooLong() throws Exception {
        String answer = answerToEightChunks("Transfer-Encoding: chunked");

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\r\nConnection: close\r\n", "body-too-long");
    }

    @Test
    void whoWasToldToUploadGetsToReadThatItsBodyIsTooLong() throws Exception {
        String answer = answerToEightChunks("Transfer-Encoding: chunked\r\nExpect: 100-continue");

        assertThat(answer).contains("HTTP/1.1 413 ", "body-too-long");
    }

    @Test
    void whoFloodsConnectionsWithWhatIsRefusedHoldsUpNobodyElse() throws Exception {
        startReplica("replica-0");
        Ingress started = startReadyIngress(config());
        byte[] flood = "GET /.well-known/hermes/x HTTP/1.1\r\nHost: a\r\n\r\n"
                .repeat(20_000)
                .getBytes(StandardCharsets.ISO_8859_1);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port());
            sockets.add(socket);
            inBackground(() -> {
                while (true) {
                    socket.getOutputStream().write(flood);
                }
            });
            inBackground(() -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        }
        long startNanos = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(post("beside").statusCode()).isEqualTo(201);
        }
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        for (Socket socket : sockets) {
            socket.close();
        }

        assertThat(millis).isLessThan(8_000);
    }

    @Test
    void whoNeverEndsABodyThatIsTooLongIsCutOff() throws Exception {
        Ingress started = startIngress(config());
        byte[] bytes = new byte[1 << 20];
        long written = 0;
        try (Socket socket = connect(started, "Content-Length: " + Long.MAX_VALUE)) {
            while (written < 4 * RefusedUpload.DISCARDED_BYTES_MAX) {
                socket.getOutputStream().write(bytes);
                written += bytes.length;
            }
        } catch (SocketException e) {
            assertThat(written).isGreaterThanOrEqualTo(RefusedUpload.DISCARDED_BYTES_MAX);
        }

        assertThat(written).isLessThan(2 * RefusedUpload.DISCARDED_BYTES_MAX);
    }

    @Test
    void whoAsksBeforeItUploadsIsRefusedAtOnce() throws Exception {
        Ingress started = startIngress(config());
        String answer;
        try (Socket socket = connect(started, "Content-Length: 9999999\r\nExpect: 100-continue")) {
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("body-too-long");
    }

    @Test
    void answerThatOneReplicaMissedIsAskedOfAnother() throws Exception {
        ScriptedReplica missing = startReplica("replica-0");
        startSecondReplica();
        startReadyIngress(config());
        awaitBothChosen();
        missing.tells(ReplyOutcome.Told.MISSING_HERE);

        for (int i = 0; i < 6; i++) {
            HttpResponse<String> response = post("r" + i);
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.headers().firstValue("Hermes-Replica")).contains("replica-1");
        }
    }

    @Test
    void answerThatAllReplicasMissedIsNotKept() throws Exception {
        startReplica("replica-0").tells(ReplyOutcome.Told.MISSING_HERE);
        startReadyIngress(config());

        HttpResponse<String> response = post("nobody heard the answer");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("answer-not-kept");
    }

    @Test
    void ingressWhoseClockIsOffIsNotReady() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config());

        replica.clockAheadMillis(20_000);

        await().atMost(Duration.ofSeconds(10)).until(() -> !started.status().ready());
        assertThat(started.status().reason()).contains("clock is").contains("behind");
        assertThat(post("from the past").statusCode()).isEqualTo(503);
    }

    private HttpRequest.Builder keyed(String key, String body) {
        return HttpRequest.newBuilder(uri("/insert"))
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static void inBackground(Callable<?> task) {
        Thread thread = new Thread(() -> {
            try {
                var unused = task.call();
            } catch (Exception e) {
                // The test closes what is used.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** To an upload of eight times 1 MiB, which goes on whatever is answered meanwhile. */
    private String answerToEightChunks(String fields) throws Exception {
        byte[] chunk = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = connect(startIngress(config()), fields)) {
            for (int written = 0; written < 8; written++) {
                socket.getOutputStream().write(chunk);
                // Time for a reset to arrive, if there is one.
                Thread.sleep(20);
            }
            socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A connection on which a POST has begun, its header ended by some fields. */
    private static Socket connect(Ingress to, String fields) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("POST /insert HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private IngressConfig config() {
        return config(8192);
    }

    private static IngressConfig config(int pendingMax) {
        IngressConfig usual = IngressConfig.of("ingress-0", new Incarnation(INCARNATION), "127.0.0.1", 0);
        return new IngressConfig(
                usual.name(),
                usual.incarnation(),
                usual.host(),
                usual.port(),
                usual.bodyBytesMax(),
                usual.headerBytesMax(),
                pendingMax,
                usual.pendingBytesMax(),
                Duration.ofSeconds(2),
                2,
                usual.noticeStaleAfter(),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                usual.retryAfter(),
                "Authorization");
    }

    private ScriptedReplica startReplica(String name) {
        ScriptedReplica replica = new ScriptedReplica(cluster, name);
        first = replica;
        return replica;
    }

    private ScriptedReplica startSecondReplica() {
        ScriptedReplica replica = new ScriptedReplica(cluster, "replica-1");
        second = replica;
        return replica;
    }

    private Ingress startIngress(IngressConfig config) throws IOException {
        Ingress started = new Ingress(
                new MemoryLogBackend(cluster),
                config,
                new SimpleMeterRegistry(),
                (what, cause) -> {
                    throw new AssertionError(what, cause);
                },
                new Clocks(System::currentTimeMillis, System::nanoTime),
                () -> 7);
        ingress = started;
        started.start();
        return started;
    }

    private Ingress startReadyIngress(IngressConfig config) throws IOException {
        Ingress started = startIngress(config);
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().ready());
        return started;
    }

    private void awaitBothChosen() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> java.util.stream.Stream.of(post("a"), post("b"), post("c"), post("d"))
                                .map(response -> response.headers().firstValue("Hermes-Replica"))
                                .distinct()
                                .count()
                        == 2);
    }

    private URI uri(String target) {
        Ingress started = ingress;
        if (started == null) {
            throw new IllegalStateException("no ingress");
        }
        return URI.create("http://127.0.0.1:" + started.port() + target);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("/insert")).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private CompletableFuture<HttpResponse<String>> postAsync(String body) {
        HttpRequest request = HttpRequest.newBuilder(uri("/insert"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

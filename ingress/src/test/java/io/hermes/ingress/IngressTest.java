package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Incarnation;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a request through one ingress: what is ordered, what is answered, and what when something is lost. */
@Timeout(60)
class IngressTest extends IngressFixture {

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

    @Test
    void targetIsTheVeryBytesThatTheClientSent() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        String target = "/caf\u00C3\u00A9/\u00E2\u0082\u00AC?q=\u00F0\u009F\u0098\u0080";
        assertThat(answerToTarget(target)).startsWith("HTTP/1.1 201 ");

        assertThat(replica.requests().get(0).request().target()).isEqualTo(target);
    }

    /** One lone byte, and the very character that stands for what could not be read. */
    @ParameterizedTest
    @ValueSource(strings = {"/\u00E9", "/\u00EF\u00BF\u00BD"})
    void targetWhoseBytesCannotBeToldIsMalformed(String target) throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        assertThat(answerToTarget(target)).startsWith("HTTP/1.1 400 ");

        assertThat(replica.requests()).isEmpty();
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
    void lostAppendIsRepeatedUnderTheSameId() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        loseNextAppend(false);
        HttpResponse<String> response = post("lost once");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(replica.requests()).hasSize(1);
    }

    @Test
    void appendThatWasOrderedButNotAcknowledgedIsAnsweredOnce() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        startReadyIngress(config());

        loseNextAppend(true);
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
        Ingress started = startReadyIngress(config(2));
        replica.toPaused(true);
        CompletableFuture<HttpResponse<String>> one = postAsync("one");
        CompletableFuture<HttpResponse<String>> two = postAsync("two");
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().pending() == 2);

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
    void closingIngressWaitsAsLongAsItsClientsDo() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config(8192, Duration.ofSeconds(30)));
        replica.toPaused(true);
        CompletableFuture<HttpResponse<String>> waiting = postAsync("let in");
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().pending() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
        await().atMost(Duration.ofSeconds(10)).until(() -> !started.status().ready());

        letPass(Duration.ofSeconds(25));

        assertThatThrownBy(() -> closing.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        replica.toPaused(false);
        assertThat(waiting.join().statusCode()).isEqualTo(201);
        closing.join();
    }

    @Test
    void closingIngressEndsAlthoughNoReplicaAnswers() throws Exception {
        ScriptedReplica replica = startReplica("replica-0");
        Ingress started = startReadyIngress(config(8192, Duration.ofSeconds(30)));
        replica.toPaused(true);
        CompletableFuture<HttpResponse<String>> waiting = postAsync("let in");
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().pending() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
        await().atMost(Duration.ofSeconds(10)).until(() -> !started.status().ready());

        letPass(Duration.ofSeconds(30));

        assertThat(waiting.join().statusCode()).isEqualTo(504);
        assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
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

    /** A character is a byte. */
    private String answerToTarget(String target) throws IOException {
        URI ingress = uri("/");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}

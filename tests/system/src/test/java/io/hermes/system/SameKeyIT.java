package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One key, several tries, several ingresses: the request is applied once. And what operators see of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameKeyIT {

    private Demo demo;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        demo = Demo.in(directory)
                .option("--ingresses", "2", "--set", "ingress.request-timeout=9s")
                .option("--set", "settings.revision=1", "--set", "settings.key-retention=3h")
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @BeforeEach
    void awaitReady() {
        demo.awaitAllServing();
        demo.awaitReady(0);
        demo.awaitReady(1);
    }

    @Test
    void keySentThriceOverTwoIngressesIsAppliedOnceAndAnsweredAlike() throws Exception {
        // Given
        HttpResponse<String> first = post(1, "thrice", "thrice");
        // When
        long before = demo.pid("ingress-1");
        demo.kill("ingress-1");
        HttpResponse<String> second = post(0, "thrice", "thrice");
        demo.awaitNewPid("ingress-1", before);
        HttpResponse<String> third = awaitAnswer(1, "thrice");
        // Then
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        for (HttpResponse<String> repeated : List.of(second, third)) {
            assertThat(repeated.statusCode()).isEqualTo(first.statusCode());
            assertThat(repeated.body()).isEqualTo(first.body());
            assertThat(position(repeated)).isEqualTo(position(first));
            assertThat(repeated.headers().firstValue("Idempotency-Replayed")).contains("true");
        }
        assertLineStandsOnce("thrice");
    }

    @Test
    void keyWhoseIngressDiesBeforeTheAnswerIsAppliedOnce() throws Exception {
        // Given
        signalApps("STOP");
        CompletableFuture<HttpResponse<String>> lost = CompletableFuture.supplyAsync(() -> tryPost(1, "in flight"));
        await().atMost(Duration.ofSeconds(20)).until(() -> new Operator(demo)
                .run("log", "--kind", "request")
                .output()
                .contains("'in flight'"));
        // When
        long before = demo.pid("ingress-1");
        demo.kill("ingress-1");
        signalApps("CONT");
        HttpResponse<String> retried = awaitAnswer(0, "in flight");
        demo.awaitNewPid("ingress-1", before);
        // Then
        assertThat(lost.handle((response, failure) -> failure != null).join()).isTrue();
        assertThat(retried.body()).isEqualTo("written");
        assertLineStandsOnce("in flight");
    }

    @Test
    void idThatA504ToldBringsTheOneResult() throws Exception {
        // Given
        signalApps("STOP");
        HttpResponse<String> unknown = demo.post("/insert", "told the id");
        signalApps("CONT");
        String id = unknown.headers().firstValue("Hermes-Request-Id").orElse("");
        // When
        HttpResponse<String> result = await().atMost(Duration.ofSeconds(20))
                .until(() -> post(0, id, "told the id"), answer -> answer.statusCode() == 200);
        HttpResponse<String> told = demo.get("/.well-known/hermes/requests/" + id);
        // Then
        assertThat(unknown.statusCode()).isEqualTo(504);
        assertThat(result.body()).isEqualTo("written");
        assertThat(told.body()).contains("\"state\":\"applied\"").contains("\"position\":" + position(result));
        assertLineStandsOnce("told the id");
    }

    @Test
    void cancelledRequestIsNeverApplied() throws Exception {
        // When
        HttpResponse<String> cancelled =
                demo.send(HttpRequest.newBuilder(demo.uri("/.well-known/hermes/requests/changed-my-mind"))
                        .DELETE());
        HttpResponse<String> late = post(1, "changed-my-mind", "changed-my-mind");
        // Then
        assertThat(cancelled.body()).contains("\"state\":\"cancelled\"");
        assertThat(late.statusCode()).isEqualTo(409);
        Promises.awaitReplicasAgree(demo);
        assertThat(demo.lines(0)).doesNotContain("changed-my-mind");
    }

    @Test
    void keyOfAnotherRequestIsRefusedByTheReplicas() throws Exception {
        // Given
        post(0, "taken", "taken");
        // When
        HttpResponse<String> other = post(1, "taken", "something else");
        // Then
        assertThat(other.statusCode()).isEqualTo(422);
        Promises.awaitReplicasAgree(demo);
        assertThat(demo.lines(0)).doesNotContain("something else");
    }

    @Test
    void operatorSeesReplicasAndRecords(@TempDir Path temp) throws Exception {
        // Given
        post(0, "seen by the operator", "seen by the operator");
        Operator operator = new Operator(demo);
        Path export = temp.resolve("log.jsonl");
        // When
        Operator.Ended status = operator.run("status", "--json");
        Operator.Ended table = operator.run("status");
        Operator.Ended decoded = operator.run("log", "--decode", "--kind", "request");
        Operator.Ended exported = operator.run("log", "--export", export.toString());
        // Then
        assertThat(status.code()).isZero();
        assertThat(status.output()).contains("\"replica\":\"replica-2\",\"state\":\"SERVING\"");
        assertThat(table.output()).contains("REPLICA", "SERVING", "ingress-1", "READY");
        assertThat(decoded.output()).contains("\"id\":\"seen by the operator\"");
        assertThat(exported.output()).contains("records in");
        assertThat(Files.readAllLines(export)).allMatch(line -> line.startsWith("{\"position\":"));
    }

    @Test
    void requestThatTheReplicasCouldExecuteIsNotSkippedByMistake() throws Exception {
        // Given
        long position = position(post(0, "fine", "fine"));
        // When
        Operator.Ended skipped = new Operator(demo).run("skip", Long.toString(position));
        // Then
        assertThat(skipped.code()).isEqualTo(1);
        assertThat(skipped.output()).contains("could execute the request").contains("--force");
    }

    @Test
    void changedSettingsAreWrittenIntoTheLog() throws Exception {
        // When
        Operator.Ended settings = new Operator(demo).run("log", "--kind", "settings", "--decode");
        // Then
        assertThat(settings.output()).contains("\"revision\":1", "\"keyRetention\":\"PT3H\"");
    }

    private void assertLineStandsOnce(String line) throws IOException {
        Promises.awaitReplicasAgree(demo);
        assertThat(demo.lines(0)).containsOnlyOnce(line);
    }

    private void signalApps(String name) throws Exception {
        for (int replica = 0; replica < 3; replica++) {
            new ProcessBuilder("kill", "-" + name, Long.toString(demo.pid("replica-" + replica + "/app")))
                    .start()
                    .waitFor();
        }
    }

    private HttpResponse<String> awaitAnswer(int ingress, String key) {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> post(ingress, key, key), answer -> answer.statusCode() == 200);
    }

    private HttpResponse<String> tryPost(int ingress, String key) {
        try {
            return post(ingress, key, key);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> post(int ingress, String key, String body) throws IOException, InterruptedException {
        URI target = demo.uri(ingress, "/insert");
        return demo.send(HttpRequest.newBuilder(target)
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static long position(HttpResponse<String> response) {
        return response.headers().firstValueAsLong("Hermes-Position").orElseThrow();
    }
}

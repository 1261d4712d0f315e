package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What killed a process of the original system, or left its clients without a word: each must be survived here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeedBugsIT {

    private Demo demo;
    private long ingressPid;

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        demo = Demo.in(directory)
                .replicas(1)
                .option("--set", "ingress.request-timeout=5s", "--set", "log.delivery-timeout=4s")
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @BeforeEach
    void noteTheIngress() throws Exception {
        demo.awaitAllServing();
        ingressPid = demo.pid("ingress-0");
    }

    @AfterEach
    void assertTheIngressSurvived() throws Exception {
        assertThat(demo.pid("ingress-0")).isEqualTo(ingressPid);
        assertThat(demo.isAlive(ingressPid)).isTrue();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> demo.post("/insert", "alive").statusCode() == 200);
    }

    @Test
    void truncatedBodyIsNeverOrdered() throws Exception {
        // When
        RawHttp.sendAndLeave(demo.port(), "POST /insert HTTP/1.1\nHost: x\nContent-Length: 100\n\ntruncated");
        demo.post("/insert", "after the truncated one");

        // Then
        assertThat(demo.lines(0)).contains("after the truncated one").doesNotContain("truncated");
    }

    @Test
    void malformedRequestGetsAProblem() throws Exception {
        // When
        String answer = RawHttp.exchange(demo.port(), "NONSENSE\n\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }

    @Test
    void bodyOverTheBoundGetsAProblem() throws Exception {
        // When
        HttpResponse<String> answer = demo.post("/insert", "x".repeat(2 << 20));

        // Then
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("ingress.body-bytes-max");
    }

    @Test
    void chunkedBodyOverTheBoundGetsAProblem() throws Exception {
        // When
        String answer = RawHttp.exchange(
                demo.port(),
                "POST /insert HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nConnection: close\n\n200000\n"
                        + "x".repeat(0x200000) + "\n0\n\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 413");
    }

    @Test
    void headerOverTheBoundGetsAProblem() throws Exception {
        // When
        HttpResponse<String> answer =
                demo.send(HttpRequest.newBuilder(demo.uri("/insert")).header("X-Long", "x".repeat(20_000)));

        // Then
        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(answer.body()).contains("ingress.header-bytes-max");
    }

    @Test
    void connectIsRefused() throws Exception {
        // When
        String answer = RawHttp.exchange(demo.port(), "CONNECT a:1 HTTP/1.1\nHost: a:1\n\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 501");
    }

    @Test
    void deadAppIsWaitedFor() throws Exception {
        // Given
        long applier = demo.pid("replica-0/applier");
        long before = demo.pid("replica-0/app");

        // When
        demo.kill("replica-0/app");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> demo.post("/insert", "after the app died").statusCode() == 200);

        // Then
        assertThat(demo.pid("replica-0/app")).isNotEqualTo(before);
        assertThat(demo.pid("replica-0/applier")).isEqualTo(applier);
        assertThat(demo.lines(0).stream().filter("after the app died"::equals)).hasSizeGreaterThanOrEqualTo(1);
    }

    @Test
    void appThatDoesNotAnswerLeavesTheOutcomeUnknown() throws Exception {
        // Given
        ProcessHandle app = ProcessHandle.of(demo.pid("replica-0/app")).orElseThrow();
        signal(app, "STOP");

        // When
        HttpResponse<String> answer = demo.post("/insert", "while the app stood still");
        signal(app, "CONT");

        // Then
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.headers().firstValue("Hermes-Request-Id")).isPresent();
        assertThat(answer.body()).contains("outcome-unknown");
    }

    @Test
    void killedApplierIsStartedAnewWithAnEmptyApp() throws Exception {
        // Given
        demo.post("/insert", "before the applier was killed");
        long before = demo.pid("replica-0/applier");
        long app = demo.pid("replica-0/app");

        // When
        demo.kill("replica-0/applier");
        demo.awaitNewPid("replica-0/applier", before);
        demo.awaitAllServing();

        // Then
        assertThat(demo.isAlive(app)).isFalse();
        assertThat(demo.lines(0).stream().filter("before the applier was killed"::equals))
                .hasSize(1);
    }

    private static void signal(ProcessHandle process, String name) throws Exception {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }
}

package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReadBatch;
import io.hermes.proto.ReadOutcome.Refused;
import io.hermes.proto.Routes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads of every level: a real Jetty in front, the log in memory behind, scripted replicas. */
@Timeout(60)
class ReadsTest {

    private static final Routes ROUTES = Routes.parse(List.of("path=/line/{n} read-only=true level=barrier"));

    // As with brokers, appends end on another thread and later, and positions mostly follow one another.
    private final ScheduledExecutorService broker = Executors.newSingleThreadScheduledExecutor();
    private final MemoryCluster cluster = new MemoryCluster("memory", 1 << 20, this::happen, () -> 1);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScriptedReplica first = new ScriptedReplica(cluster, "replica-0");
    private final ScriptedReplica second = new ScriptedReplica(cluster, "replica-1");
    private final IngressConfig usual =
            IngressConfig.of("ingress-0", new Incarnation("ingress-0-0123456789abcdef"), "127.0.0.1", 0);
    private final Ingress ingress = new Ingress(
            new MemoryLogBackend(cluster),
            usual,
            new SimpleMeterRegistry(),
            (what, cause) -> {
                throw new AssertionError(what, cause);
            },
            new Clocks(System::currentTimeMillis, System::nanoTime),
            () -> 1);

    @BeforeEach
    void startIngress() throws Exception {
        first.toReading(ROUTES);
        second.toReading(ROUTES);
        ingress.start();
        await("the ingress is ready and knows the routes")
                .until(() -> ingress.status().reason().isEmpty()
                        && ingress.status().replicas().size() == 2
                        && get("/line/1")
                                .headers()
                                .firstValue("Hermes-Read-Level")
                                .isPresent());
        first.readBatches().clear();
        second.readBatches().clear();
    }

    @AfterEach
    void closeAll() {
        ingress.close();
        first.close();
        second.close();
        broker.shutdownNow();
    }

    @Test
    void readIsExecutedPastTheLog() throws Exception {
        int before = first.requests().size();

        HttpResponse<String> response = get("/line/1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("read by replica-");
        assertThat(response.headers().firstValue("X-App")).contains("yes");
        assertThat(response.headers().firstValue("Hermes-Read-Level")).contains("barrier");
        assertThat(response.headers().firstValue("Hermes-Position")).isPresent();
        assertThat(first.requests()).hasSize(before);
    }

    @Test
    void closingIngressAnswersTheReadsThatItLetIn() {
        first.toSilentToReads();
        second.toSilentToReads();
        CompletableFuture<HttpResponse<String>> waiting = http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ingress.port() + "/line/1"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await("a replica is asked")
                .until(() ->
                        !first.readBatches().isEmpty() || !second.readBatches().isEmpty());

        ingress.close();

        assertThat(waiting.join().body()).contains("this ingress is shutting down");
    }

    @Test
    void barrierStandsAfterEverythingOrderedBefore() throws Exception {
        long written = position(post("/insert"));

        long read = position(get("/line/1"));

        assertThat(read).isGreaterThanOrEqualTo(written);
    }

    @Test
    void replicaThatHasAppliedEnoughIsAskedOnceAheadOfTheBarrier() {
        first.toSayWhatItApplied();
        second.toSayWhatItApplied();

        await("a read is asked ahead, and no more").until(() -> {
            List<ReadBatch> asked = asked();
            return asked.size() == 1 && asked.get(0).minPosition() == 0;
        });
    }

    @Test
    void answerGivenBeforeEnoughWasAppliedIsNotTheClients() {
        await("a read is asked ahead in vain, and then with its bound").until(() -> {
            List<ReadBatch> asked = asked();
            return asked.size() == 2
                    && asked.stream().anyMatch(batch -> batch.minPosition() == 0)
                    && asked.stream().anyMatch(batch -> batch.minPosition() > 0);
        });
    }

    @Test
    void localReadNeedsNoBarrier() throws Exception {
        long before = barriers();

        HttpResponse<String> response = get("/line/1", "Hermes-Read-Level", "local");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(barriers()).isEqualTo(before);
        assertThat(batch().minPosition()).isZero();
    }

    @Test
    void sessionReadAsksForWhatTheClientHasSeen() throws Exception {
        get("/line/1", "Hermes-Read-Level", "session", "Hermes-Min-Position", "41");

        assertThat(batch().minPosition()).isEqualTo(41);
    }

    @Test
    void sessionReadThatNoReplicaIsFarEnoughForIsRefused() throws Exception {
        first.refuseReads(Refused.BEHIND);
        second.refuseReads(Refused.BEHIND);

        HttpResponse<String> response = get("/line/1", "Hermes-Read-Level", "session", "Hermes-Min-Position", "41");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.body()).contains("not-read").contains("has not applied position 41 yet");
    }

    @Test
    void orderedReadGoesThroughTheLog() throws Exception {
        int before = first.requests().size();

        HttpResponse<String> response = get("/line/1", "Hermes-Read-Level", "ordered");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Hermes-Request-Id")).isPresent();
        await("the record").until(() -> first.requests().size() == before + 1);
    }

    @Test
    void levelIsOfNoMeaningForWhatIsNotDeclaredReadOnly() throws Exception {
        HttpResponse<String> response = get("/other", "Hermes-Read-Level", "local");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Hermes-Request-Id")).isPresent();
    }

    @Test
    void unknownLevelIsAMalformedRequest() throws Exception {
        HttpResponse<String> response = get("/line/1", "Hermes-Read-Level", "fresh");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("wanted one of ordered, barrier, session, local");
    }

    @Test
    void positionThatIsNoneIsAMalformedRequest() throws Exception {
        HttpResponse<String> response = get("/line/1", "Hermes-Min-Position", "-1");

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void replicaThatRefusesIsFollowedByAnother() throws Exception {
        first.refuseReads(Refused.NOT_SERVING);

        for (int i = 0; i < 4; i++) {
            assertThat(get("/line/1").body()).isEqualTo("read by replica-1");
        }
        assertThat(first.readBatches()).isNotEmpty();
    }

    @Test
    void replicaThatIsSilentIsFollowedByAnother() throws Exception {
        first.toSilentToReads();

        for (int i = 0; i < 4; i++) {
            assertThat(get("/line/1").body()).isEqualTo("read by replica-1");
        }
        assertThat(first.readBatches()).isNotEmpty();
    }

    @Test
    void readThatNoReplicaTakesIsOrdered() throws Exception {
        first.toSilentToReads();
        second.refuseReads(Refused.NOT_SERVING);

        HttpResponse<String> response = get("/line/1");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Hermes-Request-Id")).isPresent();
    }

    @Test
    void localReadThatNoReplicaTakesIsNotOrdered() throws Exception {
        first.refuseReads(Refused.NO_ANSWER);
        second.refuseReads(Refused.NOT_SERVING);

        CompletableFuture<HttpResponse<String>> read = http.sendAsync(
                HttpRequest.newBuilder(uri("/line/1"))
                        .header("Hermes-Read-Level", "local")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await("both were asked").until(() -> first.readBatches().size() > 1);
        first.refuseReads(null);

        assertThat(read.join().body()).isEqualTo("read by replica-0");
    }

    @Test
    void whatAReplicaKnowsNotToBeReadOnlyIsOrdered() throws Exception {
        first.refuseReads(Refused.NOT_READ_ONLY);
        second.refuseReads(Refused.NOT_READ_ONLY);

        HttpResponse<String> response = get("/line/1");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Hermes-Request-Id")).isPresent();
    }

    @Test
    void answerBeyondTheBoundIsSaidToBeSo() throws Exception {
        first.refuseReads(Refused.TOO_LONG);
        second.refuseReads(Refused.TOO_LONG);

        HttpResponse<String> response = get("/line/1");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("app.answer-bytes-max");
    }

    private void happen(MemoryEvent event) {
        if (event.kind() == MemoryEvent.Kind.APPEND) {
            var unused = broker.schedule(event::happen, 1, TimeUnit.MILLISECONDS);
        } else {
            event.happen();
        }
    }

    private long barriers() {
        return first.delivered().stream()
                .filter(BarrierRecord.class::isInstance)
                .count();
    }

    /** What the replicas are asked for one read, whose answer is not older than what was ordered before. */
    private List<ReadBatch> asked() throws Exception {
        first.readBatches().clear();
        second.readBatches().clear();
        long written = position(post("/insert"));
        await("the write is applied").until(() -> Math.min(first.appliedThrough(), second.appliedThrough()) >= written);
        assertThat(position(get("/line/1"))).isGreaterThanOrEqualTo(written);
        List<ReadBatch> asked = new ArrayList<>(first.readBatches());
        asked.addAll(second.readBatches());
        return asked;
    }

    private ReadBatch batch() {
        return first.readBatches().isEmpty()
                ? second.readBatches().get(0)
                : first.readBatches().get(0);
    }

    private static long position(HttpResponse<String> response) {
        return Long.parseLong(response.headers().firstValue("Hermes-Position").orElseThrow());
    }

    private HttpResponse<String> get(String target, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(target));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String target) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri(target))
                        .POST(HttpRequest.BodyPublishers.ofString("text"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String target) {
        return URI.create("http://127.0.0.1:" + ingress.port() + target);
    }
}

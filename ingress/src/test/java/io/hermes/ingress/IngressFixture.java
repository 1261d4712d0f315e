package io.hermes.ingress;

import static org.awaitility.Awaitility.await;

import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.log.memory.MemoryScheduler;
import io.hermes.proto.Incarnation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A real Jetty in front, the log in memory behind, scripted replicas. */
abstract class IngressFixture {

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

    static final String INCARNATION = "ingress-0-0123456789abcdef";

    private final LossyScheduler scheduler = new LossyScheduler();
    private final MemoryCluster cluster = new MemoryCluster("memory", 1 << 20, scheduler);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong aheadNanos = new AtomicLong();
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

    IngressConfig config() {
        return config(8192);
    }

    static IngressConfig config(int pendingMax) {
        return config(pendingMax, Duration.ofSeconds(2));
    }

    static IngressConfig config(int pendingMax, Duration requestTimeout) {
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
                usual.connectionsMax(),
                requestTimeout,
                2,
                usual.noticeStaleAfter(),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                usual.retryAfter(),
                "Authorization");
    }

    /** The next append gets no acknowledgement, and is stored or not. */
    void loseNextAppend(boolean storedAllTheSame) {
        scheduler.loseNextAppend(storedAllTheSame);
    }

    /** For the ingress so much time has passed at once. */
    void letPass(Duration time) {
        aheadNanos.addAndGet(time.toNanos());
    }

    ScriptedReplica startReplica(String name) {
        ScriptedReplica replica = new ScriptedReplica(cluster, name);
        first = replica;
        return replica;
    }

    ScriptedReplica startSecondReplica() {
        ScriptedReplica replica = new ScriptedReplica(cluster, "replica-1");
        second = replica;
        return replica;
    }

    Ingress startIngress(IngressConfig config) throws IOException {
        Ingress started = new Ingress(
                new MemoryLogBackend(cluster),
                config,
                new SimpleMeterRegistry(),
                (what, cause) -> {
                    throw new AssertionError(what, cause);
                },
                new Clocks(System::currentTimeMillis, () -> System.nanoTime() + aheadNanos.get()),
                () -> 7);
        ingress = started;
        started.start();
        return started;
    }

    Ingress startReadyIngress(IngressConfig config) throws IOException {
        Ingress started = startIngress(config);
        await().atMost(Duration.ofSeconds(10)).until(() -> started.status().ready());
        return started;
    }

    URI uri(String target) {
        Ingress started = ingress;
        if (started == null) {
            throw new IllegalStateException("no ingress");
        }
        return URI.create("http://127.0.0.1:" + started.port() + target);
    }

    HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("/insert")).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    CompletableFuture<HttpResponse<String>> postAsync(String body) {
        HttpRequest request = HttpRequest.newBuilder(uri("/insert"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

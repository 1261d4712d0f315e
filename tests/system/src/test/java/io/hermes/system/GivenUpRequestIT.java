package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that ends the service every time it is tried: the replicas halt and name it, and go on once it was given up. */
class GivenUpRequestIT {

    @Test
    void replicasHaltAtARequestThatAlwaysCrashesTheAppUntilItIsSkipped(@TempDir Path directory) throws Exception {
        // Given
        Path service = Path.of("src", "test", "resources", "crashing.py");
        try (Demo demo = Demo.in(directory)
                .option("--set", "ingress.request-timeout=9s")
                .command("python3", service.toString(), "{port}")
                .start()) {
            assertThat(demo.post("/insert", "before").statusCode()).isEqualTo(200);
            Operator operator = new Operator(demo);
            // When
            CompletableFuture<HttpResponse<String>> poison = CompletableFuture.supplyAsync(() -> post(demo, "poison"));
            for (int replica = 0; replica < 3; replica++) {
                awaitHalted(demo, replica);
            }
            Matcher named = Pattern.compile("hermes skip ([0-9]+)").matcher(demo.readiness(0));
            assertThat(named.find()).isTrue();
            int refused = post(demo, "while all replicas are halted").statusCode();
            Operator.Ended skipped = operator.run("skip", named.group(1), "--reason", "it crashes the service");
            demo.awaitAllServing();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> post(demo, "after").statusCode() == 200);
            // Then
            assertThat(refused).isEqualTo(503);
            assertThat(skipped.code()).as(skipped.output()).isZero();
            assertThat(skipped.output()).contains("given up: POST /insert").contains("poison-key");
            assertThat(poison.join().statusCode()).isIn(502, 504);
            HttpResponse<String> again = post(demo, "poison");
            assertThat(again.statusCode()).isEqualTo(502);
            assertThat(again.body()).contains("it crashes the service");
            Promises.awaitReplicasAgree(demo);
            assertThat(demo.lines(0)).containsOnlyOnce("before", "after").doesNotContain("poison");
        }
    }

    private static void awaitHalted(Demo demo, int replica) {
        await("replica " + replica + " halts").atMost(Duration.ofSeconds(60)).until(() -> demo.readiness(replica)
                .contains("HALTED"));
    }

    private static HttpResponse<String> post(Demo demo, String body) {
        try {
            return demo.send(HttpRequest.newBuilder(demo.uri("/insert"))
                    .header("Idempotency-Key", body + "-key")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

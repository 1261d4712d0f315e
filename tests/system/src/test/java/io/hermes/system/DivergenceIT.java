package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * G6, with a service whose copies can be made to differ. The clock comes first: afterwards a replica was rebuilt, and for an hour none
 * would be, whatever the reason.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DivergenceIT {

    private static final int WINDOW = 64;
    private static final int VICTIM = 2;

    private Path faults;
    private Demo demo;
    private Operator operator;

    @BeforeAll
    void startDemo(@TempDir Path temp) throws Exception {
        faults = Files.createDirectories(temp.resolve("faults"));
        Path service = Path.of("src", "test", "resources", "faulty.py");
        demo = Demo.in(temp.resolve("data"))
                .option("--set", "settings.window=" + WINDOW)
                .command("python3", service.toString(), "{port}", faults + "/replica-{replica}")
                .start();
        operator = new Operator(demo);
        demo.awaitAllServing();
    }

    @AfterAll
    void stopDemo() {
        demo.close();
    }

    @Test
    @Order(1)
    void serviceThatAnswersWithItsClockRaisesTheAlarmAndKeepsServing() throws Exception {
        // Given
        List<Long> apps = apps();
        // When
        List<Integer> statuses = new ArrayList<>();
        // Three windows, and the better part of a fourth for the operator to compare.
        for (int i = 0; i < 3 * WINDOW + WINDOW / 2; i++) {
            statuses.add(demo.get("/clock").statusCode());
        }
        for (int replica = 0; replica < 3; replica++) {
            awaitInOutput(replica, "verdict=NO_MAJORITY");
            awaitInOutput(replica, "GET /clock");
        }
        String status = operator.run("status").output();
        Operator.Ended verified = operator.run("verify");
        // Then
        assertThat(statuses).containsOnly(200);
        assertThat(status.lines().filter(line -> line.contains("SERVING"))).hasSize(3);
        assertThat(status).contains("no majority agrees");
        assertThat(verified.output()).contains("not all are equal");
        assertThat(verified.code()).isOne();
        assertThat(apps()).isEqualTo(apps);
        for (int replica = 0; replica < 3; replica++) {
            assertThat(output(replica)).doesNotContain("QUARANTINED");
        }
    }

    @Test
    @Order(2)
    void replicaThatAnswersOneByteOtherwiseIsFoundNamedAndRebuilt() throws Exception {
        // Given
        List<Long> apps = apps();
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            statuses.add(demo.post("/before", "line " + i).statusCode());
        }
        // When
        Files.createFile(faults.resolve("replica-" + VICTIM));
        HttpResponse<String> differing = demo.post("/differs/here", "xyz");
        String position = differing.headers().firstValue("Hermes-Position").orElseThrow();
        for (int i = 1; i < 2 * WINDOW; i++) {
            statuses.add(demo.post("/after", "line " + i).statusCode());
        }
        await("the evidence").atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(evidence(0))
                .contains("/differs/here"));
        long rebuilt = demo.awaitNewPid("replica-" + VICTIM + "/app", apps.get(VICTIM));
        await("the rebuilt replica serves").atMost(Duration.ofSeconds(30)).until(() -> {
            statuses.add(demo.post("/later", "line " + statuses.size()).statusCode());
            return demo.readiness(VICTIM).startsWith("ok");
        });
        Operator.Ended verified = operator.run("verify");
        // Then
        statuses.add(differing.statusCode());
        assertThat(statuses).containsOnly(200);
        assertThat(evidence(0))
                .contains("\"request\": \"POST /differs/here\"")
                .contains("\"position\": " + position)
                .containsPattern("\"replica\": \"replica-2\"[^}]*is xy[{]\"")
                .containsPattern("\"replica\": \"replica-1\"[^}]*is xyz\"");
        assertThat(demo.isAlive(rebuilt)).isTrue();
        assertThat(apps().subList(0, 2)).isEqualTo(apps.subList(0, 2));
        assertThat(output(VICTIM)).contains("QUARANTINED");
        assertThat(verified.output()).contains("all equal through position");
        assertThat(verified.code()).isZero();
    }

    /** The apps' processes, each of which may be about to be started. */
    private List<Long> apps() {
        List<Long> pids = new ArrayList<>();
        for (int replica = 0; replica < demo.replicas(); replica++) {
            pids.add(demo.awaitNewPid("replica-" + replica + "/app", 0));
        }
        return pids;
    }

    /** All that a replica has written down about differences. */
    private String evidence(int replica) throws IOException {
        Path directory = applier(replica).resolve("divergence");
        if (!Files.isDirectory(directory)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private void awaitInOutput(int replica, String text) {
        await(text).atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(output(replica))
                .contains(text));
    }

    private String output(int replica) throws IOException {
        return Files.readString(applier(replica).resolve("output.log"));
    }

    private Path applier(int replica) {
        return demo.directory().resolve("replica-" + replica).resolve("applier");
    }
}

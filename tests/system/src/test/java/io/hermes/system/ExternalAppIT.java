package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An app that somebody else runs, beside an applier that ends at each step of its loop: it goes on by itself where its journal
 * says what became of every request, and halts where only a person can find that out; here the test is the person.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalAppIT {

    private static final Pattern IN_DOUBT = Pattern.compile("--resolve ([0-9]+)=executed");

    private final Path temp;
    private final List<Process> processes = new ArrayList<>();
    private final int appPort = Ports.free();
    private final int adminPort = Ports.free();
    private @Nullable Demo started;
    private @Nullable Process applier;
    private int runs;

    ExternalAppIT(@TempDir Path temp) {
        this.temp = temp;
    }

    @BeforeAll
    void startEverything() throws Exception {
        Files.createDirectories(temp.resolve("failpoints"));
        started = Demo.in(temp.resolve("data")).replicas(1).start();
        processes.add(Java.start(
                "io.hermes.demo.LogServer",
                List.of("--port", Integer.toString(appPort), "--file", file().toString()),
                temp.resolve("app.out"),
                Map.of("HERMES_FAILPOINTS", temp.resolve("failpoints").toString())));
        startApplier(null);
        awaitServing();
    }

    @AfterAll
    void stopEverything() throws Exception {
        demo().close();
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "after-read, false",
        "before-call, true",
        "app-executed, true",
        "after-answer, true",
        "before-checkpoint, false",
        "inside-checkpoint, false",
        "before-reply, false"
    })
    void applierThatEndsAtAnyStepRepeatsNothingByItself(String point, boolean inDoubt) throws Exception {
        // Given
        Load load = Load.keyed(point, 2, number -> demo().uri("/insert"));
        load.awaitMore(20);
        Process before = running();
        String action = point.equals("app-executed") ? "kill " + before.pid() : "halt";
        // When
        Path failpoint = temp.resolve("failpoints").resolve(point);
        Files.writeString(failpoint.resolveSibling(point + ".new"), action + "\n");
        Files.move(failpoint.resolveSibling(point + ".new"), failpoint);
        await(point).atMost(Duration.ofSeconds(20)).until(() -> !before.isAlive());
        startApplier(null);
        await("serves or halts")
                .atMost(Duration.ofSeconds(30))
                .until(() -> readiness().equals("ok") || readiness().contains("HALTED"));
        Matcher doubt = IN_DOUBT.matcher(readiness());
        boolean halted = doubt.find();
        if (halted) {
            running().destroy();
            assertThat(running().waitFor()).isNotNegative();
            startApplier(doubt.group(1) + (isExecuted(doubt.group(1)) ? "=executed" : "=repeat"));
            awaitServing();
        }
        load.awaitMore(20);
        load.stop();
        // Then
        assertThat(halted).isEqualTo(inDoubt);
        Promises.assertKept(demo(), load);
        await("the external app has what the others have")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1))
                        .isEqualTo(Files.readString(demo().file(0), StandardCharsets.ISO_8859_1)));
    }

    /** What a person would do: look the request up in the log, and its line in the app's file. */
    private boolean isExecuted(String position) throws Exception {
        String record = new Operator(demo())
                .run("log", "--from", position, "--limit", "1", "--decode")
                .output();
        Matcher body = Pattern.compile("\"body\":\"([^\"]+)\"").matcher(record);
        assertThat(body.find()).as(record).isTrue();
        return Files.readAllLines(file(), StandardCharsets.ISO_8859_1).contains(body.group(1));
    }

    private void startApplier(@Nullable String resolution) throws IOException {
        Path config = temp.resolve("external.yaml");
        List<String> lines =
                new ArrayList<>(Files.readAllLines(demo().directory().resolve("ingress-0/config.yaml")).stream()
                        .filter(line -> line.startsWith("kafka.") || line.startsWith("log."))
                        .toList());
        Files.createDirectories(temp.resolve("state"));
        lines.addAll(List.of(
                "replica.name: external",
                "replica.state-directory: " + temp.resolve("state"),
                "replica.checkpoint-interval: 1s",
                "app.kind: external",
                "app.port: " + appPort,
                "admin.port: " + adminPort));
        Files.write(config, lines);
        List<String> arguments = new ArrayList<>(List.of("applier", "-c", config.toString()));
        if (resolution != null) {
            arguments.addAll(List.of("--resolve", resolution));
        }
        Process process = Java.start(
                "io.hermes.launcher.Main",
                arguments,
                temp.resolve("applier-" + runs++ + ".out"),
                Map.of("HERMES_FAILPOINTS", temp.resolve("failpoints").toString()));
        processes.add(process);
        applier = process;
    }

    private void awaitServing() {
        await("the external replica serves").atMost(Duration.ofSeconds(60)).until(() -> readiness()
                .equals("ok"));
    }

    private String readiness() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/readyz"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return demo().client()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .strip();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private Path file() {
        return temp.resolve("external.log");
    }

    private Demo demo() {
        Demo demo = started;
        if (demo == null) {
            throw new IllegalStateException("not started");
        }
        return demo;
    }

    private Process running() {
        Process current = applier;
        if (current == null) {
            throw new IllegalStateException("not started");
        }
        return current;
    }
}

package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The applier, or the app, ends at each step of the loop, while clients insert with keys and try again. Not by chance: a file
 * named like the step makes the process end itself there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Failpoints {

    private static final int VICTIM = 1;

    private final List<String> options;
    private final Path failpoints;
    private final Path data;
    private @Nullable Demo started;

    Failpoints(Path temp, List<String> options) {
        this.options = options;
        this.failpoints = temp.resolve("failpoints");
        this.data = temp.resolve("data");
    }

    @BeforeAll
    void startDemo() throws Exception {
        for (int replica = 0; replica < 3; replica++) {
            Files.createDirectories(failpoints.resolve("replica-" + replica));
        }
        started = Demo.in(data)
                .option("--ingresses", "2")
                .option(options.toArray(new String[0]))
                .failpoints(failpoints)
                .start();
    }

    @AfterAll
    void stopDemo() {
        demo().close();
    }

    private Demo demo() {
        Demo demo = started;
        if (demo == null) {
            throw new IllegalStateException("not started");
        }
        return demo;
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-received", "app-executed"})
    void appThatEndsAroundARequestLosesAndDoublesNothing(String point) throws Exception {
        endsAt(point, "replica-" + VICTIM + "/app", "halt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-received", "app-executed"})
    void applierThatEndsWhileTheAppExecutesLosesAndDoublesNothing(String point) throws Exception {
        String applier = "replica-" + VICTIM + "/applier";
        endsAt(point, applier, "kill " + demo().pid(applier));
    }

    final void applierEndsAt(String point) throws Exception {
        endsAt(point, "replica-" + VICTIM + "/applier", "halt");
    }

    private void endsAt(String point, String victim, String action) throws Exception {
        // Given
        Demo demo = demo();
        demo.awaitAllServing();
        Load load = Load.keyed(point + "-" + action.replace(' ', '-'), 4, number -> demo.uri(number % 2, "/insert"));
        load.awaitMore(30);
        long before = demo.pid(victim);
        Path file = failpoints.resolve("replica-" + VICTIM).resolve(point);
        // When
        Files.writeString(file.resolveSibling(point + ".new"), action + "\n");
        Files.move(file.resolveSibling(point + ".new"), file);
        demo.awaitNewPid(victim, before);
        await().atMost(Duration.ofSeconds(5)).until(() -> !Files.exists(file));
        load.awaitMore(60);
        load.stop();
        // Then
        assertThat(load.broken()).isZero();
        Promises.assertKept(demo, load);
    }
}

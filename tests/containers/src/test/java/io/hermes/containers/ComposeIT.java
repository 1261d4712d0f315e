package io.hermes.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.system.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The README's containers on Kafka: three brokers, two ingresses, three replicas, a load balancer. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeIT {

    private static final Pattern METRIC = Pattern.compile("\\b(hermes|jvm)_[a-z_]+");

    private static @Nullable Composed composed;

    @TempDir
    Path temporary = Path.of("");

    @BeforeAll
    static void up() throws IOException {
        Engine.require(ComposeIT.class, Engine.base(), Engine.KAFKA, Engine.LOAD_BALANCER);
        composed = new Composed("hermes-it-kafka");
        composed.removeAll();
        try {
            composed.up(Readme.line("./hermes compose up"));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + composed.output(), e);
        }
    }

    @AfterAll
    static void down() {
        if (composed != null) {
            composed.removeAll();
        }
    }

    @Test
    @Order(1)
    void linesOfTheReadmeWorkThroughTheLoadBalancer() throws IOException {
        Composed running = running();

        String written = running.run("curl -s -d \"hello\" http://127.0.0.1:8000/insert");
        String line = running.run("curl -s http://127.0.0.1:8000/line/1");

        assertThat(Readme.lines("curl")).contains("curl http://127.0.0.1:8000/line/1");
        assertThat(written).isEqualTo("written");
        assertThat(line).isEqualTo("\"hello\"");
        await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(20))
                .until(() -> running.replicasAgree(temporary));
        assertThat(running.lines(2, temporary)).containsExactly("hello");
    }

    @Test
    @Order(2)
    void nothingIsLostWhenContainersAreKilledPausedAndDisconnected() throws Exception {
        // Given
        Composed running = running();
        Load load = Load.keyed("compose", 6, client -> running.at("/insert"));
        load.awaitMore(50);

        // When
        running.kill("kafka-1");
        running.kill("replica-1-applier");
        load.awaitMore(100);
        running.start("kafka-1");
        running.start("replica-1-applier");
        running.pause("ingress-1");
        load.awaitMore(100);
        running.resume("ingress-1");
        running.disconnect("replica-2");
        load.awaitMore(100);
        running.connect("replica-2");
        running.kill("replica-0-app");
        load.awaitMore(100);
        running.start("replica-0-app");
        load.awaitMore(50);
        load.stop();

        // Then
        await("all replicas serve").atMost(Duration.ofSeconds(60)).until(running::isHealthy);
        await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(30))
                .until(() -> running.replicasAgree(temporary));
        List<String> lines = running.lines(0, temporary);
        Set<String> distinct = new HashSet<>(lines);
        assertThat(lines).as("no line twice").hasSize(distinct.size());
        assertThat(distinct).as("no acknowledged line lost").containsAll(load.acknowledged());
        assertThat(load.refused()).as("no refused line ordered").doesNotContainAnyElementsOf(distinct);
        System.out.println("lines " + lines.size() + ", statuses " + load.statuses() + ", tried again " + load.retries()
                + ", longest pause " + load.longestPause().toMillis() + " ms");
    }

    @Test
    @Order(3)
    void everyMetricOfTheDashboardIsScraped() throws IOException {
        String scraped = running().metrics("ingress-0") + running().metrics("replica-0-applier");
        Set<String> there = scraped.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());

        Set<String> shown = METRIC.matcher(Files.readString(Shell.ROOT.resolve("compose/monitoring/hermes.json")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        assertThat(shown).hasSizeGreaterThan(10).isSubsetOf(there);
    }

    private static Composed running() {
        Composed present = composed;
        if (present == null) {
            throw new IllegalStateException("not up");
        }
        return present;
    }
}

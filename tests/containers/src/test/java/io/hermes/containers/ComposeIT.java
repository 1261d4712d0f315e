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
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The README's containers on Kafka: three brokers, two ingresses, three replicas, a load balancer. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeIT {

    private static final Pattern METRIC = Pattern.compile("\\b(hermes|jvm)_[a-z_]+");

    @RegisterExtension
    static final Composed COMPOSED = new Composed("hermes-it-kafka", "./hermes compose up", Engine.KAFKA);

    @TempDir
    Path temporary = Path.of("");

    @Test
    @Order(1)
    void linesOfTheReadmeWorkThroughTheLoadBalancer() throws IOException {
        String written = COMPOSED.run("curl -s -d \"hello\" http://127.0.0.1:8000/insert");
        String line = COMPOSED.run("curl -s http://127.0.0.1:8000/line/1");

        assertThat(Readme.lines("curl")).contains("curl http://127.0.0.1:8000/line/1");
        assertThat(written).isEqualTo("written");
        assertThat(line).isEqualTo("\"hello\"");
        await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(20))
                .until(() -> COMPOSED.replicasAgree(temporary));
        assertThat(COMPOSED.lines(2, temporary)).containsExactly("hello");
    }

    @Test
    @Order(2)
    void nothingIsLostWhenContainersAreKilledPausedAndDisconnected() throws Exception {
        // Given
        Load load = Load.keyed("compose", 6, client -> COMPOSED.at("/insert"));
        load.awaitMore(50);

        // When
        COMPOSED.kill("kafka-1");
        COMPOSED.kill("replica-1-applier");
        load.awaitMore(100);
        COMPOSED.start("kafka-1");
        COMPOSED.start("replica-1-applier");
        COMPOSED.pause("ingress-1");
        load.awaitMore(100);
        COMPOSED.resume("ingress-1");
        COMPOSED.disconnect("replica-2");
        load.awaitMore(100);
        COMPOSED.connect("replica-2");
        COMPOSED.kill("replica-0-app");
        load.awaitMore(100);
        COMPOSED.start("replica-0-app");
        load.awaitMore(50);
        load.stop();

        // Then
        await("all replicas serve").atMost(Duration.ofSeconds(60)).until(COMPOSED::isHealthy);
        await("the replicas' files are identical")
                .atMost(Duration.ofSeconds(30))
                .until(() -> COMPOSED.replicasAgree(temporary));
        List<String> lines = COMPOSED.lines(0, temporary);
        Set<String> distinct = new HashSet<>(lines);
        assertThat(lines).as("no line twice").hasSize(distinct.size());
        assertThat(distinct).as("no acknowledged line lost").containsAll(load.acknowledged());
        assertThat(load.refused()).as("no refused line ordered").doesNotContainAnyElementsOf(distinct);
        System.out.println("lines " + lines.size() + ", statuses " + load.statuses() + ", tried again " + load.retries()
                + ", longest pause " + load.longestPause().toMillis() + " ms");
    }

    @Test
    @Order(3)
    void everyMetricOfTheDashboardAndOfTheAlertsIsScraped() throws IOException {
        String scraped = COMPOSED.metrics("ingress-0") + COMPOSED.metrics("replica-0-applier");
        Set<String> there = scraped.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());

        Set<String> shown = METRIC.matcher(Files.readString(Shell.ROOT.resolve("compose/monitoring/hermes.json"))
                        + Files.readString(Shell.ROOT.resolve("k8s/components/monitoring/alerts.yaml")))
                .results()
                .map(MatchResult::group)
                // Told only by a replica that takes snapshots, which the sample does not.
                .filter(metric -> !metric.startsWith("hermes_snapshot_"))
                .collect(Collectors.toSet());

        assertThat(shown).hasSizeGreaterThan(10).isSubsetOf(there);
    }
}

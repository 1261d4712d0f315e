package io.hermes.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each object of {@code k8s/}, read strictly; and that strictness, on slips made on purpose. */
class ManifestsTest {

    static Stream<Path> files() {
        return Yaml.files("k8s", ".yaml").stream()
                .filter(file -> !file.getFileName().toString().equals("kustomization.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyObjectIsWhatKubernetesKnows(Path file) {
        List<JsonObject> objects = Yaml.documents(Yaml.read(file));

        assertThat(objects).isNotEmpty().allSatisfy(object -> assertThat(Manifests.problems(object))
                .as(object.get("kind") + " in " + file)
                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "an unknown field|  minReadySecond: 3|minReadySecond",
                "an unknown field deep inside|template: {spec: {containers: [{name: a, imagePolicy: Always}]}}|imagePolicy",
                "a word for a number|replicas: three|three",
                "a text for a number|replicas: \"3\"|replicas",
                "a number for a list|template: {spec: {containers: 3}}|containers",
                "a word that is no choice|podManagementPolicy: Sometimes|podManagementPolicy",
                "a missing field|template: {spec: {containers: [{image: a}]}}|name"
            })
    void slipsAreCaught(String slip, String line, String word) {
        String text =
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: a}
                spec:
                  serviceName: a
                  selector: {matchLabels: {a: b}}
                %s
                """
                        .formatted(
                                line.contains("template")
                                        ? "  " + line
                                        : "  template: {spec: {containers: [{name: a}]}}\n  " + line);

        List<String> problems = Manifests.problems(Yaml.documents(text).get(0));

        assertThat(problems).as(slip).isNotEmpty().anySatisfy(problem -> assertThat(problem)
                .contains(word));
    }

    @Test
    void whatHasNoSlipHasNoProblem() {
        String text =
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: a}
                spec:
                  replicas: 3
                  serviceName: a
                  podManagementPolicy: Parallel
                  selector: {matchLabels: {a: b}}
                  template: {spec: {containers: [{name: a, image: b}]}}
                """;

        assertThat(Manifests.problems(Yaml.documents(text).get(0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "an unknown field|{alert: A, expr: up, fore: 5m}|fore",
                "no expression|{alert: A, for: 5m}|expr",
                "a duration without a unit|{alert: A, expr: up, for: 5}|for is 5"
            })
    void slipsInRulesAreCaught(String slip, String rule, String word) {
        String text = "{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: a},"
                + " spec: {groups: [{name: a, rules: [" + rule + "]}]}}";

        assertThat(Manifests.problems(Yaml.documents(text).get(0))).as(slip).anySatisfy(problem -> assertThat(problem)
                .contains(word));
    }

    @Test
    void everyAlertHasItsRowInTheRunbook() {
        String runbook = Yaml.read(Yaml.ROOT.resolve("docs/operations/README.md"));
        List<String> alerts = files().flatMap(file -> Yaml.documents(Yaml.read(file)).stream())
                .flatMap(object -> Manifests.alerts(object).stream())
                .map(alert -> alert.get("alert").getAsString())
                .toList();

        assertThat(alerts).isNotEmpty().doesNotHaveDuplicates().allSatisfy(alert -> assertThat(runbook)
                .contains("| `" + alert + "` |"));
    }

    @Test
    void anotherVersionOfTheApiIsCaught() {
        assertThat(Manifests.problems(Yaml.documents("{apiVersion: apps/v1beta1, kind: Deployment}")
                        .get(0)))
                .containsExactly("there is no apps/v1beta1 Deployment");
    }
}

package io.hermes.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each overlay puts together fits together. */
class OverlaysTest {

    private static final Path K8S = Yaml.ROOT.resolve("k8s");

    static Stream<String> overlays() throws IOException {
        List<String> names = new ArrayList<>(List.of("brokers/kafka", "brokers/bookkeeper", "load"));
        try (Stream<Path> folders = Files.list(K8S.resolve("overlays"))) {
            folders.map(folder -> "overlays/" + folder.getFileName()).forEach(names::add);
        }
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyObjectIsValidAfterItsPatches(String overlay) {
        List<JsonObject> objects = Overlay.objects(K8S.resolve(overlay));

        assertThat(objects).isNotEmpty().allSatisfy(object -> assertThat(Manifests.problems(object))
                .as(Overlay.name(object))
                .isEmpty());
        assertThat(objects.stream().map(object -> object.get("kind") + " " + Overlay.name(object)))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void selectorsSelectSomething(String overlay) {
        List<JsonObject> objects = Overlay.objects(K8S.resolve(overlay));
        List<JsonObject> labels = objects.stream()
                .map(Overlay::podLabels)
                .filter(pod -> !pod.isEmpty())
                .toList();

        assertThat(labels).isNotEmpty();
        assertThat(objects).allSatisfy(object -> assertThat(selectors(object))
                .as(object.get("kind") + " " + Overlay.name(object))
                .allSatisfy(selector -> assertThat(labels)
                        .anySatisfy(pod -> assertThat(pod.entrySet()).containsAll(selector.entrySet()))));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void replicasThatKeepApartFindOneAnother(String overlay) {
        assertThat(Overlay.objects(K8S.resolve(overlay))).allSatisfy(object -> {
            JsonObject pod = Overlay.podSpec(object);
            List<JsonElement> apart = new ArrayList<>();
            apart.addAll(Overlay.array(
                            Overlay.within(pod, "affinity", "podAntiAffinity"),
                            "requiredDuringSchedulingIgnoredDuringExecution")
                    .asList());
            apart.addAll(Overlay.array(pod, "topologySpreadConstraints").asList());
            assertThat(apart)
                    .allSatisfy(term -> assertThat(Overlay.podLabels(object).entrySet())
                            .as(Overlay.name(object) + " keeps apart from its own kind")
                            .containsAll(Overlay.within(term.getAsJsonObject(), "labelSelector", "matchLabels")
                                    .entrySet()));
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void mountsPortsAndConfigMapsExist(String overlay) {
        List<JsonObject> objects = Overlay.objects(K8S.resolve(overlay));
        List<String> maps = objects.stream()
                .filter(object -> object.get("kind").getAsString().equals("ConfigMap"))
                .map(Overlay::name)
                .toList();

        assertThat(objects).allSatisfy(object -> {
            List<String> volumes = new ArrayList<>();
            Overlay.array(Overlay.podSpec(object), "volumes")
                    .forEach(volume -> volumes.add(Overlay.name(volume.getAsJsonObject())));
            Overlay.array(Overlay.within(object, "spec"), "volumeClaimTemplates")
                    .forEach(claim -> volumes.add(Overlay.name(claim.getAsJsonObject())));
            for (JsonObject container : Overlay.containers(object)) {
                String name = Overlay.name(object) + "/" + Overlay.name(container);
                Overlay.array(container, "volumeMounts")
                        .forEach(mount -> assertThat(volumes).as(name).contains(Overlay.name(mount.getAsJsonObject())));
                Overlay.array(container, "envFrom").forEach(source -> assertThat(maps)
                        .as(name)
                        .contains(Overlay.name(Overlay.within(source.getAsJsonObject(), "configMapRef"))));
                assertThat(container.get("image").getAsString())
                        .as(name + " runs one version")
                        .contains(":");
                for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                    Stream.of("httpGet", "tcpSocket")
                            .map(kind -> Overlay.within(container, probe, kind))
                            .filter(port -> !port.isEmpty())
                            .forEach(port -> assertThat(ports(container))
                                    .as(name)
                                    .contains(port.get("port").getAsString()));
                }
            }
        });
    }

    @Test
    void roleOfAnIngressKeepsItsPlaceInTheExperiment() {
        List<JsonObject> objects = Overlay.objects(K8S.resolve("overlays/experiment"));

        assertThat(objects.stream().filter(object -> !Overlay.podSpec(object).isEmpty()))
                .isNotEmpty()
                .allSatisfy(object -> assertThat(Overlay.within(object, "spec", "template", "spec", "nodeSelector")
                                .get("role")
                                .getAsString())
                        .isEqualTo(Overlay.name(object).equals("load") ? "client" : "server"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patches: [{target: {kind: Deployment, name: ingres}, patch: '[{op: add, path: /spec/replicas, value: 2}]'}]",
                "patches: [{target: {kind: Deployment, name: ingress}, patch: '[{op: remove, path: /spec/replicas}]'}]",
                "images: [{name: hermess, newTag: '1'}]",
                "namePrefix: a"
            })
    void slipsInAnOverlayAreCaught(String slip, @TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "resources: [" + folder.relativize(K8S.resolve("base")) + "]\n" + slip);

        assertThatThrownBy(() -> Overlay.objects(folder)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<JsonObject> selectors(JsonObject object) {
        return Stream.of(
                        Overlay.within(object, "spec", "selector", "matchLabels"),
                        Overlay.within(object, "spec", "podSelector", "matchLabels"),
                        object.get("kind").getAsString().equals("Service")
                                ? Overlay.within(object, "spec", "selector")
                                : new JsonObject())
                .filter(selector -> !selector.isEmpty())
                .toList();
    }

    private static List<String> ports(JsonObject container) {
        return Overlay.array(container, "ports").asList().stream()
                .map(port -> Overlay.name(port.getAsJsonObject()))
                .toList();
    }
}

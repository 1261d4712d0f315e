package io.hermes.deployment;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads objects of Kubernetes as strictly as its API server: unknown fields, wrong types and missing fields by the official client's
 * models, choices by the table below, since those models take any word. Objects of Prometheus's operator have no models there, so
 * their few fields are listed here.
 */
final class Manifests {

    private static final Map<String, String> MODELS = Map.ofEntries(
            Map.entry("apps/v1 Deployment", "V1Deployment"),
            Map.entry("apps/v1 StatefulSet", "V1StatefulSet"),
            Map.entry("batch/v1 Job", "V1Job"),
            Map.entry("v1 Service", "V1Service"),
            Map.entry("v1 ConfigMap", "V1ConfigMap"),
            Map.entry("policy/v1 PodDisruptionBudget", "V1PodDisruptionBudget"),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", "V1NetworkPolicy"),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"));

    private static final Map<String, Set<String>> MONITORS = Map.of(
            "PodMonitor", Set.of("selector", "podMetricsEndpoints"), "ServiceMonitor", Set.of("selector", "endpoints"));
    private static final Set<String> ENDPOINT_FIELDS = Set.of("port", "path", "interval");
    private static final Set<String> RULE_FIELDS = Set.of("alert", "expr", "for", "labels", "annotations");

    /** Choices by the names of a field and of what it stands in. */
    private static final Map<String, Set<String>> CHOICES = Map.ofEntries(
            Map.entry("restartPolicy", Set.of("Always", "OnFailure", "Never")),
            Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent", "Never")),
            Map.entry("protocol", Set.of("TCP", "UDP", "SCTP")),
            Map.entry("whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway")),
            Map.entry("policyTypes", Set.of("Ingress", "Egress")),
            Map.entry("podManagementPolicy", Set.of("OrderedReady", "Parallel")),
            Map.entry("accessModes", Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")),
            Map.entry("whenDeleted", Set.of("Retain", "Delete")),
            Map.entry("whenScaled", Set.of("Retain", "Delete")),
            Map.entry("seccompProfile.type", Set.of("RuntimeDefault", "Localhost", "Unconfined")),
            Map.entry("updateStrategy.type", Set.of("RollingUpdate", "OnDelete")),
            Map.entry("strategy.type", Set.of("RollingUpdate", "Recreate")),
            Map.entry("metrics.type", Set.of("Resource", "Pods", "Object", "External", "ContainerResource")),
            Map.entry("target.type", Set.of("Utilization", "Value", "AverageValue")),
            Map.entry("operator", Set.of("In", "NotIn", "Exists", "DoesNotExist")));

    private static final Gson GSON = JSON.getGson();

    private Manifests() {}

    /**
     * Reads one object.
     *
     * @return what is wrong with it, one sentence each; empty if nothing is
     */
    static List<String> problems(JsonObject object) {
        List<String> problems = new ArrayList<>();
        String type = text(object, "apiVersion") + " " + text(object, "kind");
        if (type.startsWith("monitoring.coreos.com/v1 ")) {
            problems.addAll(monitorProblems(object));
        } else if (MODELS.containsKey(type)) {
            problems.addAll(modelProblems(object, MODELS.get(type)));
        } else {
            problems.add("there is no " + type);
        }
        choiceProblems("", "", object, problems);
        return problems;
    }

    private static List<String> modelProblems(JsonObject object, String model) {
        try {
            Class<?> type = Class.forName("io.kubernetes.client.openapi.models." + model);
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, object);
            JsonElement again = GSON.toJsonTree(GSON.fromJson(object, type));
            List<String> problems = new ArrayList<>();
            differences("", object, again, problems);
            return problems;
        } catch (InvocationTargetException e) {
            return List.of(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } catch (JsonParseException | IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A value that does not come back as it was given had another type. */
    private static void differences(String path, JsonElement given, JsonElement returned, List<String> problems) {
        if (given.isJsonObject() && returned.isJsonObject()) {
            for (Map.Entry<String, JsonElement> field : given.getAsJsonObject().entrySet()) {
                JsonElement other = returned.getAsJsonObject().get(field.getKey());
                String name = path + "." + field.getKey();
                if (other == null) {
                    if (!field.getValue().isJsonObject()
                            || !field.getValue().getAsJsonObject().isEmpty()) {
                        problems.add(name + " is passed over");
                    }
                } else {
                    differences(name, field.getValue(), other, problems);
                }
            }
        } else if (given.isJsonArray() && returned.isJsonArray()) {
            JsonArray ours = given.getAsJsonArray();
            JsonArray theirs = returned.getAsJsonArray();
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                differences(path + "[" + i + "]", ours.get(i), theirs.get(i), problems);
            }
        } else if (!given.equals(returned)) {
            problems.add(path + " is " + given + ", read as " + returned);
        }
    }

    private static List<String> monitorProblems(JsonObject object) {
        if (text(object, "kind").equals("PrometheusRule")) {
            return ruleProblems(object);
        }
        List<String> problems = new ArrayList<>();
        Set<String> known = MONITORS.getOrDefault(text(object, "kind"), Set.of());
        if (!object.has("spec") || known.isEmpty()) {
            return List.of("no kind of monitor, or no spec: " + object);
        }
        JsonObject spec = object.getAsJsonObject("spec");
        for (String field : spec.keySet()) {
            if (!known.contains(field)) {
                problems.add("unknown field spec." + field);
            }
        }
        for (String field : known) {
            if (!spec.has(field)) {
                problems.add("missing field spec." + field);
            } else if (spec.get(field).isJsonArray()) {
                spec.getAsJsonArray(field).forEach(endpoint -> endpoint.getAsJsonObject().keySet().stream()
                        .filter(name -> !ENDPOINT_FIELDS.contains(name))
                        .forEach(name -> problems.add("unknown field " + field + "." + name)));
            }
        }
        return problems;
    }

    /** The alerts of an object of rules. */
    static List<JsonObject> alerts(JsonObject object) {
        List<JsonObject> alerts = new ArrayList<>();
        Overlay.array(Overlay.within(object, "spec"), "groups")
                .forEach(group -> Overlay.array(group.getAsJsonObject(), "rules")
                        .forEach(rule -> alerts.add(rule.getAsJsonObject())));
        return alerts;
    }

    private static List<String> ruleProblems(JsonObject object) {
        List<JsonObject> alerts = alerts(object);
        List<String> problems = new ArrayList<>();
        if (alerts.isEmpty()) {
            problems.add("no spec.groups with rules: " + object);
        }
        for (JsonObject alert : alerts) {
            alert.keySet().stream()
                    .filter(field -> !RULE_FIELDS.contains(field))
                    .forEach(field -> problems.add("unknown field rules." + field));
            for (String field : List.of("alert", "expr")) {
                if (!alert.has(field)) {
                    problems.add("missing field rules." + field + " in " + alert);
                }
            }
            if (alert.has("for") && !text(alert, "for").matches("[0-9]+[smhd]")) {
                problems.add("for is " + alert.get("for") + ", wanted a duration");
            }
        }
        return problems;
    }

    private static void choiceProblems(String parent, String name, JsonElement value, List<String> problems) {
        if (value.isJsonObject()) {
            value.getAsJsonObject()
                    .entrySet()
                    .forEach(field -> choiceProblems(name, field.getKey(), field.getValue(), problems));
        } else if (value.isJsonArray()) {
            value.getAsJsonArray().forEach(element -> choiceProblems(parent, name, element, problems));
        } else {
            Set<String> choices = CHOICES.getOrDefault(parent + "." + name, CHOICES.get(name));
            if (choices != null && !choices.contains(value.getAsString())) {
                problems.add(name + " is " + value + ", wanted one of " + choices);
            }
        }
    }

    private static String text(JsonObject object, String field) {
        return object.has(field) ? object.get(field).getAsString() : "(no " + field + ")";
    }
}

package io.hermes.deployment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The objects of a folder with a {@code kustomization.yaml}. Not kustomize, but the part of it that {@code k8s/} uses: resources,
 * components, literal ConfigMaps, images, labels, JSON patches and deletions. Whatever else a file asks for is an error, so that
 * nothing is passed over here that kustomize would do. Names of ConfigMaps get no hash.
 */
final class Overlay {

    private static final Set<String> FIELDS = Set.of(
            "apiVersion", "kind", "resources", "components", "configMapGenerator", "images", "labels", "patches");

    private final List<JsonObject> objects = new ArrayList<>();

    private Overlay() {}

    /** Reads a folder and all that it refers to. */
    static List<JsonObject> objects(Path folder) {
        Overlay overlay = new Overlay();
        overlay.add(folder);
        return overlay.objects;
    }

    private void add(Path folder) {
        JsonObject file =
                Yaml.documents(Yaml.read(folder.resolve("kustomization.yaml"))).get(0);
        for (String field : file.keySet()) {
            check(FIELDS.contains(field), folder + " asks for " + field + ", which is not read here");
        }
        for (JsonElement resource : array(file, "resources")) {
            Path path = folder.resolve(resource.getAsString()).normalize();
            if (path.toFile().isDirectory()) {
                add(path);
            } else {
                objects.addAll(Yaml.documents(Yaml.read(path)));
            }
        }
        array(file, "configMapGenerator").forEach(map -> objects.add(configMap(map.getAsJsonObject())));
        array(file, "components")
                .forEach(
                        component -> add(folder.resolve(component.getAsString()).normalize()));
        array(file, "images").forEach(image -> tag(folder, image.getAsJsonObject()));
        array(file, "patches").forEach(patch -> patch(folder, patch.getAsJsonObject()));
    }

    private static JsonObject configMap(JsonObject generator) {
        JsonObject data = new JsonObject();
        for (JsonElement literal : array(generator, "literals")) {
            String[] parts = literal.getAsString().split("=", 2);
            check(parts.length == 2, "no key=value: " + literal);
            data.addProperty(parts[0], parts[1]);
        }
        JsonObject metadata = new JsonObject();
        metadata.add("name", generator.get("name"));
        JsonObject map = new JsonObject();
        map.addProperty("apiVersion", "v1");
        map.addProperty("kind", "ConfigMap");
        map.add("metadata", metadata);
        map.add("data", data);
        return map;
    }

    private void tag(Path folder, JsonObject image) {
        String name = image.get("name").getAsString();
        int count = 0;
        for (JsonObject object : objects) {
            for (JsonObject container : containers(object)) {
                if (container.get("image").getAsString().equals(name)) {
                    container.addProperty(
                            "image", name + ":" + image.get("newTag").getAsString());
                    count++;
                }
            }
        }
        check(count > 0, folder + " gives image " + name + " a tag, but nobody runs it");
    }

    private void patch(Path folder, JsonObject patch) {
        String text = patch.get("patch").getAsString();
        if (!patch.has("target")) {
            JsonObject deletion = Yaml.documents(text).get(0);
            check(deletion.has("$patch"), "only deletions come without a target: " + folder);
            JsonElement name = deletion.getAsJsonObject("metadata").get("name");
            check(
                    objects.removeIf(object -> object.get("kind").equals(deletion.get("kind"))
                            && object.getAsJsonObject("metadata").get("name").equals(name)),
                    folder + " deletes " + name + ", which is not there");
            return;
        }
        List<JsonObject> targets = objects.stream()
                .filter(object -> matches(object, patch.getAsJsonObject("target")))
                .toList();
        check(!targets.isEmpty(), folder + " patches " + patch.get("target") + ", which is not there");
        targets.forEach(target -> Yaml.list(text).forEach(operation -> apply(target, operation)));
    }

    private static boolean matches(JsonObject object, JsonObject target) {
        return object.get("kind").equals(target.get("kind"))
                && (!target.has("name")
                        || object.getAsJsonObject("metadata").get("name").equals(target.get("name")));
    }

    private static void apply(JsonObject object, JsonObject operation) {
        String[] path = operation.get("path").getAsString().substring(1).split("/", -1);
        JsonObject parent = object;
        for (int i = 0; i < path.length - 1; i++) {
            check(parent.has(path[i]), "no " + operation.get("path") + " to change");
            parent = parent.getAsJsonObject(path[i]);
        }
        String last = path[path.length - 1];
        switch (operation.get("op").getAsString()) {
            case "add" -> parent.add(last, operation.get("value"));
            case "remove" -> check(parent.remove(last) != null, "no " + operation.get("path") + " to remove");
            default -> throw new IllegalArgumentException("unknown operation " + operation);
        }
    }

    /** The containers of an object's pods, the first ones too; none if it has no pods. */
    static List<JsonObject> containers(JsonObject object) {
        List<JsonObject> containers = new ArrayList<>();
        JsonObject pod = podSpec(object);
        for (String list : List.of("initContainers", "containers")) {
            array(pod, list).forEach(container -> containers.add(container.getAsJsonObject()));
        }
        return containers;
    }

    /** What an object says of its pods; empty if it has none. */
    static JsonObject podSpec(JsonObject object) {
        return within(object, "spec", "template", "spec");
    }

    /** The labels of an object's pods; empty if it has none. */
    static JsonObject podLabels(JsonObject object) {
        return within(object, "spec", "template", "metadata", "labels");
    }

    /** The object at a path; an empty one if it is not there. */
    static JsonObject within(JsonObject object, String... path) {
        JsonObject present = object;
        for (String name : path) {
            JsonElement next = present.get(name);
            if (next == null || !next.isJsonObject()) {
                return new JsonObject();
            }
            present = next.getAsJsonObject();
        }
        return present;
    }

    /** The list of that name; an empty one if it is not there. */
    static JsonArray array(JsonObject object, String name) {
        return object.has(name) ? object.getAsJsonArray(name) : new JsonArray();
    }

    /** The name of an object, container or volume. */
    static String name(JsonObject object) {
        JsonObject holder = object.has("metadata") ? object.getAsJsonObject("metadata") : object;
        JsonElement name = holder.get("name");
        return name instanceof JsonPrimitive ? name.getAsString() : "(nameless)";
    }

    private static void check(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}

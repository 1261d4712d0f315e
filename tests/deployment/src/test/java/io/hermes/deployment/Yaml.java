package io.hermes.deployment;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML as JSON trees; a key that occurs twice is an error. */
final class Yaml {

    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private static final Gson GSON = new Gson();

    private Yaml() {}

    /** All documents of a text. */
    static List<JsonObject> documents(String text) {
        List<JsonObject> documents = new ArrayList<>();
        Load load = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
        for (Object document : load.loadAllFromString(text)) {
            JsonElement tree = GSON.toJsonTree(document);
            if (!tree.isJsonObject()) {
                throw new IllegalArgumentException("no object: " + tree);
            }
            documents.add(tree.getAsJsonObject());
        }
        return documents;
    }

    /** The elements of a JSON patch. */
    static List<JsonObject> list(String text) {
        JsonElement tree = GSON.toJsonTree(new Load(LoadSettings.builder().build()).loadFromString(text));
        return tree.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files of this name's end below a folder of the project. */
    static List<Path> files(String folder, String end) {
        try (Stream<Path> paths = Files.walk(ROOT.resolve(folder))) {
            return paths.filter(path -> path.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

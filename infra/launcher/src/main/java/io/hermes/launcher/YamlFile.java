package io.hermes.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a YAML file into dotted keys, each with one value or a list of them. */
final class YamlFile {

    private YamlFile() {}

    static Map<String, List<String>> read(Path file) {
        Object root;
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            root = new Load(settings).loadFromString(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no file " + file);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e.getMessage());
        } catch (YamlEngineException e) {
            throw new ConfigException(
                    file + " is not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
        Map<String, List<String>> flat = new LinkedHashMap<>();
        if (root instanceof Map<?, ?> map) {
            flatten("", map, flat);
        } else if (root != null) {
            throw new ConfigException(file + " holds no keys: wanted lines such as 'log.backend: kafka'");
        }
        return flat;
    }

    private static void flatten(String prefix, Map<?, ?> map, Map<String, List<String>> flat) {
        map.forEach((name, value) -> {
            String key = prefix + name;
            if (value instanceof Map<?, ?> inner) {
                flatten(key + ".", inner, flat);
            } else if (value instanceof List<?> list) {
                List<String> items = new ArrayList<>();
                list.forEach(item -> items.add(text(item)));
                flat.put(key, items);
            } else {
                flat.put(key, List.of(text(value)));
            }
        });
    }

    /** An item that is a map, such as a route, is written as words {@code key=value}, as elsewhere than in the file. */
    private static String text(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> words = new ArrayList<>();
            map.forEach((name, item) -> words.add(name + "=" + text(item)));
            return String.join(" ", words);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(YamlFile::text).collect(Collectors.joining(","));
        }
        return value == null ? "" : value.toString();
    }
}

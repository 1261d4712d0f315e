package io.hermes.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one process was told: the file, overridden by the environment ({@code HERMES_LOG_BACKEND}), overridden by {@code --set
 * key=value}. A key that nobody knows is an error that names the nearest known one; in the environment, where others may use
 * the same prefix, it is passed over, unless it begins like a {@link KeyFamily}. Messages name keys and variables of a family
 * but never tell their values, which may be passwords.
 */
public final class Configuration {

    private final Map<String, List<String>> values;

    private Configuration(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads the configuration.
     *
     * @param files of YAML; a later one's keys win
     * @param environment as of {@link System#getenv()}
     * @param overrides {@code key=value}, the last one of a key wins
     * @return checked for unknown keys; values are checked when they are asked for
     * @throws ConfigException if something cannot be read or is not known, or if a variable begins like a family of keys and
     *     does not say which key is meant
     */
    public static Configuration read(List<Path> files, Map<String, String> environment, List<String> overrides) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Path file : files) {
            YamlFile.read(file).forEach((key, value) -> {
                requireKnown(key, "in " + file);
                values.put(key, value);
            });
        }
        for (ConfigKey<?> key : Keys.ALL) {
            String value = environment.get(key.environmentName());
            if (value != null) {
                values.put(key.name(), split(key.name(), value));
            }
        }
        // In order of their names, so that it is always the same one that is complained of.
        new TreeMap<>(environment).forEach((variable, value) -> Keys.FAMILIES.stream()
                .filter(family -> family.claims(variable))
                .forEach(family -> values.put(family.keyOf(variable), List.of(value))));
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("--set wants key=value, not '" + override + "'");
            }
            String key = override.substring(0, equals);
            requireKnown(key, "in --set");
            values.put(key, split(key, override.substring(equals + 1)));
        }
        return new Configuration(values);
    }

    /** The value of a key. */
    <T> T get(ConfigKey<T> key) {
        List<String> given = values.get(key.name());
        if (given == null) {
            String defaultValue = key.defaultValue();
            if (defaultValue == null) {
                throw new ConfigException(key.name() + " is missing: " + key.meaning() + " (in the file, by --set "
                        + key.name() + "=…, or by " + key.environmentName() + ")");
            }
            given = List.of(defaultValue);
        }
        try {
            return key.parser().apply(given);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException(key.name() + " is '" + String.join(" ", given) + "', wanted " + e.getMessage());
        }
    }

    /**
     * Whether the app tells its position, so that a sample app can be started accordingly.
     *
     * @return true if {@code app.kind} is {@code position-aware}
     */
    public boolean isPositionAware() {
        return get(Keys.APP_KIND).equals("position-aware");
    }

    /**
     * Where the total order comes from.
     *
     * @return {@code kafka} or {@code bookkeeper}
     */
    public String logBackend() {
        return get(Keys.LOG_BACKEND);
    }

    /** The values of all keys of a family, by what follows its prefix. */
    Map<String, String> below(KeyFamily family) {
        Map<String, String> found = new TreeMap<>();
        values.forEach((key, value) -> {
            if (family.holds(key)) {
                found.put(key.substring(family.prefix().length()), String.join(",", value));
            }
        });
        return found;
    }

    private static void requireKnown(String name, String where) {
        boolean known = Keys.FAMILIES.stream().anyMatch(family -> family.holds(name))
                || Keys.ALL.stream().anyMatch(key -> key.name().equals(name));
        if (!known) {
            Optional<String> nearest =
                    NearestName.of(name, Keys.ALL.stream().map(ConfigKey::name).toList());
            throw new ConfigException("unknown key '" + name + "' " + where
                    + nearest.map(key -> ": did you mean '" + key + "'?").orElse(": see --help for all keys"));
        }
    }

    /** Outside the file a list is written with commas; a command with blanks, as in a shell without quotes; routes with semicolons. */
    private static List<String> split(String key, String value) {
        if (key.equals(Keys.SETTINGS_ROUTES.name())) {
            return List.of(value.split(";", -1));
        }
        boolean command = key.equals(Keys.APP_COMMAND.name())
                || key.equals(Keys.SNAPSHOT_COMMAND_TAKE.name())
                || key.equals(Keys.SNAPSHOT_COMMAND_RESTORE.name());
        if (command) {
            return List.of(value.strip().split("\\s+"));
        }
        boolean list = key.equals(Keys.KAFKA_BOOTSTRAP.name())
                || key.equals(Keys.BOOKKEEPER_ZOOKEEPER.name())
                || key.equals(Keys.SNAPSHOT_EVERY.name());
        return list ? List.of(value.split(",", -1)) : List.of(value);
    }
}

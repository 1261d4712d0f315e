package io.hermes.launcher;

import io.hermes.applier.SnapshotConfig;
import io.hermes.proto.Routes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration.
 *
 * @param <T> the value's type
 * @param name dotted, as in the file
 * @param defaultValue as it would stand in the file; null if the key must be given
 * @param meaning one line for {@code --help} and the documentation
 * @param parser from what stands in the file; throws {@link IllegalArgumentException} saying what was wanted
 */
record ConfigKey<T>(String name, @Nullable String defaultValue, String meaning, Function<List<String>, T> parser) {

    private static final String AUTO = "auto";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");
    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)?");

    static ConfigKey<String> text(String name, @Nullable String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, ConfigKey::one);
    }

    static ConfigKey<String> choice(String name, String defaultValue, String meaning, String... choices) {
        return new ConfigKey<>(name, defaultValue, meaning + " (" + String.join(" | ", choices) + ")", values -> {
            String value = one(values);
            if (!List.of(choices).contains(value)) {
                throw new IllegalArgumentException("one of " + String.join(", ", choices));
            }
            return value;
        });
    }

    static ConfigKey<Integer> number(String name, @Nullable String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, values -> parseNumber(one(values)));
    }

    static ConfigKey<Duration> duration(String name, String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, values -> parseDuration(one(values)));
    }

    static ConfigKey<Long> bytes(String name, String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, values -> parseBytes(one(values)));
    }

    /** By default what fits this process. */
    static ConfigKey<Long> bytesOrAuto(String name, String meaning, Supplier<Long> fitting) {
        return new ConfigKey<>(name, AUTO, meaning, values -> {
            String value = one(values);
            return value.equals(AUTO) ? fitting.get() : parseBytes(value);
        });
    }

    /** By default what fits this process. */
    static ConfigKey<Integer> numberOrAuto(String name, String meaning, Supplier<Integer> fitting) {
        return new ConfigKey<>(name, AUTO, meaning, values -> {
            String value = one(values);
            return value.equals(AUTO) ? fitting.get() : parseNumber(value);
        });
    }

    static ConfigKey<List<String>> words(String name, @Nullable String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, values -> values);
    }

    /** Words, in a list or with commas between them. */
    static ConfigKey<List<String>> names(String name, String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, values -> values.stream()
                .flatMap(text -> Arrays.stream(text.split("[,\\s]+", -1)))
                .filter(text -> !text.isEmpty())
                .toList());
    }

    static ConfigKey<Routes> routes(String name, String meaning) {
        return new ConfigKey<>(
                name,
                "",
                meaning,
                values -> Routes.parse(
                        values.stream().filter(text -> !text.isBlank()).toList()));
    }

    static ConfigKey<Boolean> flag(String name, String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning + " (true | false)", values -> {
            String value = one(values);
            if (!List.of("true", "false").contains(value)) {
                throw new IllegalArgumentException("true or false");
            }
            return value.equals("true");
        });
    }

    /** A number of records, a duration, or both; {@code never} for neither. */
    static ConfigKey<SnapshotConfig.Due> due(String name, String defaultValue, String meaning) {
        return new ConfigKey<>(name, defaultValue, meaning, values -> {
            long records = 0;
            Duration time = Duration.ZERO;
            for (String value : values) {
                if (COUNT.matcher(value).matches()) {
                    records = Long.parseLong(value);
                } else if (DURATION.matcher(value).matches()) {
                    time = parseDuration(value);
                } else if (!value.equals("never")) {
                    throw new IllegalArgumentException(
                            "a number of records such as 100000, a duration such as 1h, a list of both, or never");
                }
            }
            return new SnapshotConfig.Due(records, time);
        });
    }

    /** The environment variable that overrides this key. */
    String environmentName() {
        return "HERMES_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static String one(List<String> values) {
        if (values.size() != 1) {
            throw new IllegalArgumentException("one value, not a list");
        }
        return values.get(0);
    }

    private static int parseNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number", e);
        }
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration such as 250ms, 30s or 5m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static long parseBytes(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a number of bytes such as 4096, 64KiB or 1MiB");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift =
                switch (unit) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> 0;
                };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
    }
}

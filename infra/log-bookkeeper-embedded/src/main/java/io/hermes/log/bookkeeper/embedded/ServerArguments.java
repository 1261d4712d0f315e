package io.hermes.log.bookkeeper.embedded;

import io.hermes.log.embedded.BrokerLife;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link BookieMain} or {@link ZooKeeperMain} was told on its command line. */
record ServerArguments(Map<String, String> options, Map<String, String> settings) {

    ServerArguments {
        options = Map.copyOf(options);
        settings = Map.copyOf(settings);
    }

    /** Reads the words; the flag {@code --end-with-stdin} takes effect at once. */
    static ServerArguments parse(String usage, Set<String> required, String... args) {
        Map<String, String> options = new HashMap<>();
        Map<String, String> settings = new HashMap<>();
        boolean endWithStdin = false;
        List<String> left = new ArrayList<>(List.of(args));
        while (!left.isEmpty()) {
            String option = left.remove(0);
            if (option.equals("--end-with-stdin")) {
                endWithStdin = true;
            } else if (left.isEmpty()) {
                throw new IllegalArgumentException(option + " lacks its value; " + usage);
            } else if (option.equals("--set")) {
                addSetting(settings, left.remove(0));
            } else if (required.contains(option)) {
                options.put(option, left.remove(0));
            } else {
                throw new IllegalArgumentException("unknown option " + option + "; " + usage);
            }
        }
        for (String name : required) {
            if (options.getOrDefault(name, "").isEmpty()) {
                throw new IllegalArgumentException(name + " is missing; " + usage);
            }
        }
        if (endWithStdin) {
            BrokerLife.endWithStdin();
        }
        return new ServerArguments(options, settings);
    }

    String text(String name) {
        return options.getOrDefault(name, "");
    }

    Path path(String name) {
        return Path.of(text(name));
    }

    int number(String name) {
        try {
            return Integer.parseInt(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " wants a number, not " + text(name), e);
        }
    }

    private static void addSetting(Map<String, String> settings, String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--set wants key=value, not " + pair);
        }
        settings.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
}

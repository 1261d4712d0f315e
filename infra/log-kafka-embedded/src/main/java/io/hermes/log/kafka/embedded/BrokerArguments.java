package io.hermes.log.kafka.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link KafkaBrokerMain} was told on its command line. */
record BrokerArguments(
        int nodeId,
        Path directory,
        int port,
        List<String> voters,
        String clusterId,
        Map<String, String> settings,
        boolean endWithStdin) {

    static final String USAGE = "usage: KafkaBrokerMain --node-id N --directory DIR --port PORT"
            + " --voters N@HOST:PORT[,...] --cluster-id ID [--set key=value]... [--end-with-stdin]";

    private static final Set<String> REQUIRED =
            Set.of("--node-id", "--directory", "--port", "--voters", "--cluster-id");

    BrokerArguments {
        voters = List.copyOf(voters);
        settings = Map.copyOf(settings);
    }

    static BrokerArguments parse(List<String> words) {
        Map<String, String> options = new HashMap<>();
        Map<String, String> settings = new HashMap<>();
        boolean endWithStdin = false;
        List<String> left = new ArrayList<>(words);
        while (!left.isEmpty()) {
            String option = left.remove(0);
            if (option.equals("--end-with-stdin")) {
                endWithStdin = true;
            } else if (left.isEmpty()) {
                throw new IllegalArgumentException(option + " lacks its value; " + USAGE);
            } else if (option.equals("--set")) {
                addSetting(settings, left.remove(0));
            } else if (REQUIRED.contains(option)) {
                options.put(option, left.remove(0));
            } else {
                throw new IllegalArgumentException("unknown option " + option + "; " + USAGE);
            }
        }
        return new BrokerArguments(
                number(options, "--node-id"),
                Path.of(text(options, "--directory")),
                number(options, "--port"),
                List.of(text(options, "--voters").split(",", -1)),
                text(options, "--cluster-id"),
                settings,
                endWithStdin);
    }

    /** This broker's own listener for the quorum, as the voters' list names it. */
    String controllerEndpoint() {
        String prefix = nodeId + "@";
        return voters.stream()
                .filter(voter -> voter.startsWith(prefix))
                .map(voter -> voter.substring(prefix.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("node " + nodeId + " is not among voters " + voters));
    }

    private static void addSetting(Map<String, String> settings, String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--set wants key=value, not " + pair);
        }
        settings.put(pair.substring(0, equals), pair.substring(equals + 1));
    }

    private static String text(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is missing; " + USAGE);
        }
        return value;
    }

    private static int number(Map<String, String> options, String name) {
        String value = text(options, name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " wants a number, not " + value, e);
        }
    }
}

package io.hermes.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How the app is run.
 *
 * @param command starts it, with {@code {port}} and {@code {replica}}
 * @param directory holds one folder for each run
 * @param runs how often, at least 2
 * @param restartEvery in the last run the app is killed after each so many requests; 0 for once, in the middle
 * @param concurrency the most requests that are under way at once
 * @param startTimeout the longest wait until it accepts connections
 * @param timeout the longest wait for one answer
 * @param ignored names of header fields that are not compared, in lower case
 */
record CheckConfig(
        List<String> command,
        Path directory,
        int runs,
        int restartEvery,
        int concurrency,
        Duration startTimeout,
        Duration timeout,
        Set<String> ignored) {

    /** Fields that tell about the connection, the moment or the server, and that nobody takes for an answer. */
    static final Set<String> NOISE = Set.of("date", "server", "keep-alive", "connection");

    CheckConfig {
        if (command.isEmpty()) {
            throw CheckException.usage("name the COMMAND that starts your service, after --: ./hermes check -- python3"
                    + " service.py {port}");
        }
        if (command.stream().noneMatch(word -> word.contains("{port}"))) {
            throw CheckException.usage(
                    "COMMAND has no {port}: each copy needs a port of its own, so pass it, e.g. --port {port}");
        }
        require(runs >= 2 && runs <= 99, "--runs", runs, "2 to 99");
        require(restartEvery >= 0, "--restart-every", restartEvery, "at least 0");
        require(concurrency >= 1 && concurrency <= 10_000, "--concurrency", concurrency, "1 to 10000");
        command = List.copyOf(command);
        ignored = Set.copyOf(ignored);
    }

    /** Whether copies are told apart by more than their ports. */
    boolean namesReplicas() {
        return command.stream().anyMatch(word -> word.contains("{replica}"));
    }

    static void require(boolean holds, String option, long value, String wanted) {
        if (!holds) {
            throw CheckException.usage(option + " is " + value + ", wanted " + wanted);
        }
    }
}

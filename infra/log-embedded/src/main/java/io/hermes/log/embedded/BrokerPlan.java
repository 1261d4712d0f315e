package io.hermes.log.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a supervisor needs to start one broker as a process.
 *
 * @param id the broker's number, counted from 0
 * @param directory all the broker's files; such as {@code DIR/broker-N}
 * @param port where clients connect, on 127.0.0.1
 * @param jvmOptions for the process; bound its heap
 * @param mainClass to be run
 * @param arguments of the main class
 */
public record BrokerPlan(
        int id, Path directory, int port, List<String> jvmOptions, String mainClass, List<String> arguments) {

    /**
     * Copies the lists.
     *
     * @param id kept
     * @param directory kept
     * @param port kept
     * @param jvmOptions copied
     * @param mainClass kept
     * @param arguments copied
     */
    public BrokerPlan {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
    }

    /**
     * This plan with further options for the JVM, which win over earlier ones.
     *
     * @param options appended
     * @return a changed copy
     */
    public BrokerPlan withJvmOptions(List<String> options) {
        return new BrokerPlan(id, directory, port, joined(jvmOptions, options), mainClass, arguments);
    }

    /**
     * This plan with further arguments, such as {@code --end-with-stdin} or {@code --set key=value}.
     *
     * @param more appended
     * @return a changed copy
     */
    public BrokerPlan withArguments(List<String> more) {
        return new BrokerPlan(id, directory, port, jvmOptions, mainClass, joined(arguments, more));
    }

    /**
     * The whole command.
     *
     * @param java the executable
     * @param classPath with this module and what it depends on
     * @return for {@link ProcessBuilder}
     */
    public List<String> command(Path java, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath);
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }
}

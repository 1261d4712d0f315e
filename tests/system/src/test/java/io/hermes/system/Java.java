package io.hermes.system;

import io.hermes.log.embedded.ChildClassPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts Java programs with our own class path. */
final class Java {

    /** A client compiler is enough: these processes live for seconds, and the tests do not measure speed. */
    static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private Java() {}

    /** Program and arguments that start a small JVM with our own class path. */
    static String[] command(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                QUICK_START,
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                // Only a sandbox may have to start Kafka's brokers, which need more.
                mainClass.startsWith("io.hermes.sandbox.") ? ChildClassPath.whole() : ChildClassPath.withoutLog4j(),
                mainClass));
        command.addAll(List.of(arguments));
        return command.toArray(new String[0]);
    }

    static Process start(String mainClass, List<String> arguments, Path output) throws IOException {
        return start(mainClass, arguments, output, Map.of());
    }

    /** Likewise, with additions to the environment. */
    static Process start(String mainClass, List<String> arguments, Path output, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(command(mainClass)));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}

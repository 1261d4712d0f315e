package io.hermes.system;

import io.hermes.log.embedded.ChildClassPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts Java programs with our own class path. */
final class Java {

    private Java() {}

    /** Program and arguments that start a small JVM with our own class path. */
    static String[] command(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
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
        return start(mainClass, arguments, output, null);
    }

    /** Likewise, with failpoints in a folder. */
    static Process start(String mainClass, List<String> arguments, Path output, @Nullable Path failpoints)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(command(mainClass)));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (failpoints != null) {
            builder.environment().put("HERMES_FAILPOINTS", failpoints.toString());
        }
        return builder.start();
    }
}

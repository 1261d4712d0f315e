package io.hermes.bench;

import io.hermes.demo.LogServer;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The sample log app in a process of its own, so that its CPU time does not count as its client's. */
final class LogServerProcess implements Closeable {

    private final Path directory;
    private final Path lines;
    private final Process process;
    private final int port;

    LogServerProcess() throws IOException {
        directory = Files.createTempDirectory("hermes-bench");
        lines = directory.resolve("operations.log");
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LogServer.class.getName(),
                        "--port",
                        "0",
                        "--file",
                        lines.toString()))
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null || !line.contains(" listens on ")) {
            throw new IOException("the sample app did not start: " + line);
        }
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(lines);
        Files.deleteIfExists(directory);
    }
}

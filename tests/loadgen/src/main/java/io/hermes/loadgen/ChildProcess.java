package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A command that ends when we do, however we end: a shell in a session of its own holds the reading end of a pipe of ours, and ends
 * the command when the pipe does. Its pid is in a file.
 */
final class ChildProcess implements AutoCloseable {

    private static final String WATCHED =
            """
            exec 3<&0
            "$@" </dev/null 3<&- &
            child=$!
            echo "$child" > "$0"
            { cat <&3 >/dev/null; kill "$child" 2>/dev/null; } &
            watcher=$!
            wait "$child"
            code=$?
            kill "$watcher" 2>/dev/null
            exit "$code"
            """;

    private static final long END_SECONDS = 40;

    private final Process process;
    private final Path output;
    private final Path pidFile;

    private ChildProcess(Process process, Path output, Path pidFile) {
        this.process = process;
        this.output = output;
        this.pidFile = pidFile;
    }

    /** Starts a command; its output and pid go to files in the folder. */
    static ChildProcess start(Path folder, List<String> command) throws IOException {
        Files.createDirectories(folder);
        Path output = folder.resolve("output.log");
        Path pidFile = folder.resolve("pid");
        Files.deleteIfExists(pidFile);
        List<String> watched = new ArrayList<>(
                List.of("setsid", "sh", "-c", WATCHED, pidFile.toAbsolutePath().toString()));
        watched.addAll(command);
        Process process = new ProcessBuilder(watched)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ChildProcess(process, output, pidFile);
    }

    /** Starts a command and waits until a line of its output begins like this. */
    static ChildProcess startReady(
            String name,
            Path folder,
            List<String> command,
            String ready,
            long readySeconds,
            Interruption interruption) {
        try {
            ChildProcess child = start(folder, command);
            try {
                child.awaitLine(ready, readySeconds, interruption);
                return child;
            } catch (IOException | BenchException e) {
                child.close();
                throw e;
            }
        } catch (IOException | BenchException e) {
            throw BenchException.failed("cannot start " + name + ": " + e.getMessage());
        }
    }

    Path pidFile() {
        return pidFile;
    }

    /** Waits until a line of the output begins like this. */
    void awaitLine(String beginning, long seconds, Interruption interruption) throws IOException {
        Predicate<String> wanted = line -> line.startsWith(beginning);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!anyLine(wanted)) {
            if (interruption.isTold()) {
                throw BenchException.failed("interrupted");
            }
            if (!process.isAlive()) {
                throw BenchException.failed("it ended with code " + process.exitValue() + ": " + lastLine());
            }
            if (System.nanoTime() > endNanos) {
                throw BenchException.failed("it is not ready after " + seconds + " s: see " + output);
            }
            interruption.sleep(100);
        }
    }

    /** Ends the command politely, then not, in bounded time. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean anyLine(Predicate<String> wanted) throws IOException {
        try (Stream<String> lines = Files.lines(output)) {
            return lines.anyMatch(wanted);
        }
    }

    private String lastLine() throws IOException {
        try (Stream<String> lines = Files.lines(output)) {
            return lines.reduce("no output", (earlier, later) -> later.isBlank() ? earlier : later);
        }
    }
}

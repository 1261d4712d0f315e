package io.hermes.applier;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of the real script {@code hermes-gate}, with all its output in a file. */
final class Gate implements AutoCloseable {

    private static final Path SCRIPT = Path.of("../infra/launcher/src/main/gate/hermes-gate");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Process process;
    private final Path output;

    private Gate(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Gate start(List<String> shell, Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.add(SCRIPT.toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        return new Gate(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start(),
                output);
    }

    long pid() {
        return process.pid();
    }

    /** As the machine would at a loss of power: the gate cannot do anything about it. */
    void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void terminate() {
        process.destroy();
    }

    int awaitExitCode() {
        await().atMost(PATIENCE).until(() -> !process.isAlive());
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    /** Zombies aside: a test may run where nobody buries orphans. */
    static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

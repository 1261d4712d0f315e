package io.hermes.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands, run in the project's root as a user would. */
final class Shell {

    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private final Map<String, String> environment;

    /**
     * Commands see this beside what this process was given.
     *
     * @param environment copied
     */
    Shell(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Runs one line.
     *
     * @return what it wrote to standard output
     * @throws AssertionError with all that it wrote, if it fails or takes longer than allowed
     */
    String run(String line, Duration max) {
        Path output = temporary();
        Path errors = temporary();
        try {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", line)
                    .directory(ROOT.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(max.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(line + " took over " + max + ": " + Files.readString(errors));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(line + " ended with " + process.exitValue() + ": " + Files.readString(output)
                        + Files.readString(errors));
            }
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(line + " was interrupted", e);
        } finally {
            delete(output);
            delete(errors);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("hermes-shell", ".out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.hermes.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Processes of an earlier sandbox on the same directory, which was killed and could not end them: they end by themselves. */
final class Leftovers {

    private static final long WAIT_SECONDS = 20;

    private Leftovers() {}

    static void awaitEnd(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> pidFiles;
        try (Stream<Path> tree = Files.walk(directory, 3)) {
            pidFiles = tree.filter(file -> file.endsWith("pid")).toList();
        }
        for (Path file : pidFiles) {
            Optional<ProcessHandle> process = handle(file);
            if (process.isPresent()) {
                awaitEnd(process.get());
            }
        }
    }

    private static Optional<ProcessHandle> handle(Path pidFile) throws IOException {
        String text = Files.readString(pidFile).strip();
        Predicate<ProcessHandle> ours =
                process -> process.info().commandLine().orElse("").contains("io.hermes.");
        return text.matches("[0-9]{1,10}")
                ? ProcessHandle.of(Long.parseLong(text)).filter(ours)
                : Optional.empty();
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.hermes.applier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the service's owner know where the app's state is. */
final class CommandState implements AppState {

    private final SnapshotConfig.Command command;
    private final AppDirectory directory;
    private final Duration timeout;

    CommandState(SnapshotConfig.Command command, Path directory, Duration timeout) {
        this.command = command;
        this.directory = new AppDirectory(directory);
        this.timeout = timeout;
    }

    @Override
    public void save(Path file) throws IOException {
        run(command.take(), file);
        if (!Files.isRegularFile(file)) {
            throw new IOException("snapshot.command.take ended well, but there is no file " + file);
        }
    }

    @Override
    public void restoreBeforeStart(Path file) throws IOException {
        run(command.restore(), file);
    }

    private void run(List<String> words, Path file) throws IOException {
        List<String> filled = words.stream()
                .map(word -> word.replace("{file}", file.toAbsolutePath().toString()))
                .toList();
        Process process = new ProcessBuilder(filled)
                .directory(directory.path().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.output().toFile()))
                .start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(filled + " took longer than snapshot.timeout, " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + filled, e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(filled + " ended with " + process.exitValue() + ": see "
                    + directory.output().toAbsolutePath());
        }
    }
}

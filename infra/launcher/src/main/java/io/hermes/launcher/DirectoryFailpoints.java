package io.hermes.launcher;

import io.hermes.applier.Failpoint;
import io.hermes.applier.Failpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends this process where a test wants it to: at a point for which the folder holds a file of that name, which is removed first.
 * The environment variable {@code HERMES_FAILPOINTS} names the folder; without it nothing is looked up.
 */
final class DirectoryFailpoints implements Failpoints {

    static final String VARIABLE = "HERMES_FAILPOINTS";
    private static final int EXIT_CODE_OF_SIGKILL = 137;

    private final Path directory;

    private DirectoryFailpoints(Path directory) {
        this.directory = directory;
    }

    static Failpoints ofEnvironment() {
        String directory = System.getenv(VARIABLE);
        return directory == null || directory.isEmpty() ? NONE : new DirectoryFailpoints(Path.of(directory));
    }

    @Override
    public void at(Failpoint point) {
        Path file = directory.resolve(point.text());
        if (Files.exists(file)) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                // A second run would end here, too, and again: better to say so than to loop.
                throw new IllegalStateException("cannot remove " + file, e);
            }
            Runtime.getRuntime().halt(EXIT_CODE_OF_SIGKILL);
        }
    }
}

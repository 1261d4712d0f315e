package io.hermes.applier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The working directory of a disposable app. Wiped before each incarnation, which is why nothing is ever wiped that does not
 * carry the mark of a directory that Hermes made itself.
 */
final class AppDirectory {

    static final String MARK = ".hermes-app";
    private static final String OUTPUT = "output.log";
    private static final String PID = "pid";
    /** There while a state is brought back into a directory that is never wiped otherwise. */
    private static final String RESTORING = ".hermes-restoring";

    static final Set<String> OURS = Set.of(MARK, OUTPUT, PID, RESTORING);

    private final Path path;

    AppDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path output() {
        return path.resolve(OUTPUT);
    }

    Path pidFile() {
        return path.resolve(PID);
    }

    /**
     * Makes and marks the directory if need be.
     *
     * @throws IllegalStateException if it holds files and no mark: somebody's data, perhaps
     */
    void claim() throws IOException {
        Files.createDirectories(path);
        if (Files.exists(path.resolve(MARK))) {
            return;
        }
        try (Stream<Path> content = Files.list(path)) {
            if (content.findAny().isPresent()) {
                throw new IllegalStateException("app.directory " + path + " holds files that Hermes did not make, and a"
                        + " disposable app's directory is wiped at each start: name an empty or a new directory");
            }
        }
        Files.writeString(
                path.resolve(MARK),
                "Made by Hermes as the working directory of a disposable app. Everything in it is wiped at each start.\n");
    }

    /** Makes the directory if need be, and leaves alone what is in it. */
    void make() throws IOException {
        Files.createDirectories(path);
    }

    /** Whether there is nothing of the app's in it, or only a part of what was being brought back when this process died. */
    boolean isEmpty() throws IOException {
        if (!Files.exists(path) || Files.exists(path.resolve(RESTORING))) {
            return true;
        }
        try (Stream<Path> content = Files.list(path)) {
            return content.allMatch(entry -> OURS.contains(entry.getFileName().toString()));
        }
    }

    /** From now on until {@link #endRestore} what is in it does not count. To be called only if it is empty. */
    void beginRestore() throws IOException {
        Files.write(path.resolve(RESTORING), new byte[0]);
        force();
        removeContent();
    }

    void endRestore() throws IOException {
        force();
        Files.delete(path.resolve(RESTORING));
        force();
    }

    /** Removes the part of a state that was being brought back when this process died. */
    void endUnfinishedRestore() throws IOException {
        if (Files.exists(path.resolve(RESTORING))) {
            removeContent();
            endRestore();
        }
    }

    private void force() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes everything but our own files. */
    void wipe() throws IOException {
        if (!Files.exists(path.resolve(MARK))) {
            throw new IllegalStateException("not wiping " + path + ": it has lost its mark");
        }
        removeContent();
    }

    private void removeContent() throws IOException {
        List<Path> content;
        try (Stream<Path> listed = Files.list(path)) {
            content = listed.filter(entry -> !OURS.contains(entry.getFileName().toString()))
                    .toList();
        }
        for (Path entry : content) {
            remove(entry);
        }
    }

    static void remove(Path root) throws IOException {
        // Links are removed, never followed.
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}

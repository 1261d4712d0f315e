package io.hermes.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the repository. */
final class Repository {

    static final Path ROOT = root();

    private Repository() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files that git would keep, with one of these endings. */
    static List<Path> files(String... endings) {
        try (Stream<Path> tree = Files.walk(ROOT)) {
            return tree.filter(Files::isRegularFile)
                    .filter(file -> {
                        Path relative = ROOT.relativize(file);
                        return Stream.of(endings).anyMatch(relative.toString()::endsWith)
                                && Stream.of(relative.toString().split("/", -1))
                                        .noneMatch(part -> part.equals("target") || part.equals(".git"));
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("hermes"))) {
                return at;
            }
        }
        throw new IllegalStateException("not run inside the repository");
    }
}

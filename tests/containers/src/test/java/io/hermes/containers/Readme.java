package io.hermes.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The commands of the README, as they stand there. */
final class Readme {

    private Readme() {}

    /** All lines that begin like this, at least one. */
    static List<String> lines(String beginning) throws IOException {
        List<String> lines = Files.readString(Shell.ROOT.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith(beginning))
                .toList();
        if (lines.isEmpty()) {
            throw new AssertionError("the README has no line that begins with " + beginning);
        }
        return lines;
    }

    /** The only line that begins like this. */
    static String line(String beginning) throws IOException {
        List<String> lines = lines(beginning);
        if (lines.size() != 1) {
            throw new AssertionError("the README has several lines that begin with " + beginning + ": " + lines);
        }
        return lines.get(0);
    }
}

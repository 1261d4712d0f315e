package io.hermes.loadgen;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Compares the replicas by the files in which their apps keep what they executed. */
final class ReplicaFiles {

    private static final long LOOK_MILLIS = 200;
    private static final int SHOWN_CHARACTERS_MAX = 40;

    private final List<Path> files;
    private final Duration patience;

    /**
     * Compares nothing yet.
     *
     * @param files one per replica, {@code …/replica-N/app/operations.log}
     * @param patience how long a replica may lag behind the longest
     */
    ReplicaFiles(List<Path> files, Duration patience) {
        this.files = List.copyOf(files);
        this.patience = patience;
    }

    Verdict compare() {
        try {
            awaitEqualLength();
            return firstDifference();
        } catch (IOException e) {
            return Verdict.different("they cannot be compared: " + e.getMessage());
        }
    }

    private void awaitEqualLength() throws IOException {
        long endNanos = System.nanoTime() + patience.toNanos();
        while (!areOfEqualLength() && System.nanoTime() < endNanos) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean areOfEqualLength() throws IOException {
        long first = Files.size(files.get(0));
        for (Path file : files) {
            if (Files.size(file) != first) {
                return false;
            }
        }
        return true;
    }

    private Verdict firstDifference() throws IOException {
        List<BufferedReader> readers = new ArrayList<>();
        try {
            for (Path file : files) {
                readers.add(Files.newBufferedReader(file, StandardCharsets.ISO_8859_1));
            }
            long number = 0;
            while (true) {
                number++;
                @Nullable String first = readers.get(0).readLine();
                boolean equal = true;
                List<@Nullable String> lines = new ArrayList<>();
                lines.add(first);
                for (BufferedReader reader : readers.subList(1, readers.size())) {
                    @Nullable String line = reader.readLine();
                    lines.add(line);
                    equal &= first == null ? line == null : first.equals(line);
                }
                if (!equal) {
                    return different(number, lines);
                }
                if (first == null) {
                    return Verdict.identical(String.format(
                            "the files of %d replicas are identical: %,d lines", files.size(), number - 1));
                }
            }
        } finally {
            for (BufferedReader reader : readers) {
                reader.close();
            }
        }
    }

    /** Names those that differ from most. */
    private Verdict different(long number, List<@Nullable String> lines) {
        Map<String, Integer> counts = new HashMap<>();
        lines.forEach(line -> counts.merge(shown(line), 1, Integer::sum));
        int most = Collections.max(counts.values());
        boolean majority = most * 2 > lines.size();
        String usual = counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        List<String> odd = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = shown(lines.get(i));
            if (!majority || !line.equals(usual)) {
                odd.add(name(files.get(i)) + " has " + line);
            }
        }
        String rest = majority ? ", the others " + usual : "";
        return Verdict.different("at line " + number + " " + String.join(", ", odd) + rest);
    }

    private static String shown(@Nullable String line) {
        if (line == null) {
            return "no line";
        }
        return line.length() <= SHOWN_CHARACTERS_MAX
                ? "'" + line + "'"
                : "'" + line.substring(0, SHOWN_CHARACTERS_MAX) + "…' (" + line.length() + " bytes, "
                        + Integer.toHexString(line.hashCode()) + ")";
    }

    /** The folder of the replica. */
    private static String name(Path file) {
        for (Path part : file) {
            if (part.toString().startsWith("replica-")) {
                return part.toString();
            }
        }
        return file.toString();
    }

    /** The files of the sample app in the data folder of a demo. */
    static List<Path> ofDemo(Path data) {
        try (var entries = Files.list(data)) {
            return entries.map(entry -> entry.resolve("app/operations.log"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}

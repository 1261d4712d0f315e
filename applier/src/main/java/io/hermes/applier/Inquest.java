package io.hermes.applier;

import io.hermes.proto.Answer;
import io.hermes.proto.WindowDetailRecord;
import io.hermes.proto.WindowEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the first request of a window that replicas answered differently, from what they lay open: first the entries of the window,
 * then their answers to that one request. Writes them to a file for people.
 *
 * <p>Owned by the loop's thread.
 */
final class Inquest {

    /** Nothing is looked into. */
    static final Inquest NONE = new Inquest(-1);

    /** Longer bodies are cut off. */
    static final int BODY_BYTES_MAX = 16 * 1024;

    /** Older files are removed. */
    static final int FILES_MAX = 20;

    private static final Pattern EVIDENCE = Pattern.compile("window-[0-9]+\\.json");

    private static final Logger LOG = LoggerFactory.getLogger(Inquest.class);

    private final long window;
    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Map<String, WindowDetailRecord.Told> told = new TreeMap<>();
    private long position;
    private boolean named;

    Inquest(long window) {
        this.window = window;
    }

    long window() {
        return window;
    }

    /** Of the first request that was answered differently; 0 while it is not known. */
    long position() {
        return position;
    }

    boolean wantsEntries(String replica) {
        return window >= 0 && !entries.containsKey(replica);
    }

    boolean wantsAnswer(String replica) {
        return position > 0 && !told.containsKey(replica);
    }

    boolean hasTold(String replica) {
        return told.containsKey(replica);
    }

    void onDetail(WindowDetailRecord detail, @Nullable Path directory, boolean live) {
        WindowDetailRecord.Told one = detail.told();
        if (one == null) {
            onEntries(detail.replica(), detail.entries());
        } else if (one.position() == position && told.putIfAbsent(detail.replica(), one) == null) {
            onTold(directory, live);
        }
    }

    private void onEntries(String replica, byte[] of) {
        entries.putIfAbsent(replica, of);
        for (byte[] other : entries.values()) {
            long first = WindowEntries.firstDifference(of, other);
            // The first pair that differs decides: all replicas hear of it in the same order.
            if (first > 0 && position == 0) {
                position = first;
                LOG.info("first different answer window={} position={}", window, position);
            }
        }
    }

    private void onTold(@Nullable Path directory, boolean live) {
        if (told.size() < 2) {
            return;
        }
        WindowDetailRecord.Told any = told.values().iterator().next();
        String file = "none";
        if (directory != null) {
            Path path = directory.resolve("window-" + window + ".json");
            file = path.toString();
            write(path, any);
        }
        boolean differ = told.values().stream().anyMatch(one -> !isSame(one.answer(), any.answer()));
        if (live && differ && !named) {
            named = true;
            LOG.error(
                    "first request that was answered differently window={} position={} request={} {} statuses={} evidence={}",
                    window,
                    position,
                    any.method(),
                    any.target(),
                    statuses(),
                    file);
        }
    }

    private String statuses() {
        Map<String, Integer> statuses = new TreeMap<>();
        told.forEach((replica, one) -> {
            Answer answer = one.answer();
            statuses.put(replica, answer == null ? 0 : answer.status());
        });
        return statuses.toString();
    }

    private void write(Path path, WindowDetailRecord.Told any) {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(path, new EvidenceText(window, any, told).toString());
            if (parent != null) {
                removeOld(parent);
            }
        } catch (IOException e) {
            LOG.warn("evidence not written file={} reason={}", path, e.toString());
        }
    }

    private static void removeOld(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(directory)) {
            files = found.filter(path ->
                            EVIDENCE.matcher(String.valueOf(path.getFileName())).matches())
                    .toList();
        }
        if (files.size() <= FILES_MAX) {
            return;
        }
        // Window numbers may be of another log.
        Map<Path, FileTime> times = new HashMap<>();
        for (Path file : files) {
            times.put(file, Files.getLastModifiedTime(file));
        }
        List<Path> oldestFirst = new ArrayList<>(files);
        oldestFirst.sort(Comparator.comparing(times::get));
        for (Path file : oldestFirst.subList(0, files.size() - FILES_MAX)) {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isSame(@Nullable Answer one, @Nullable Answer other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.status() == other.status()
                && one.headers().equals(other.headers())
                && Arrays.equals(one.body(), other.body());
    }
}

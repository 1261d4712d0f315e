package io.hermes.loadgen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Processes whose CPU time is told together. */
interface CpuGroup {

    String name();

    /** What is in the group now: for each source, named alike at each call, a sample of its process. */
    Map<String, ProcessSample> read();

    /** {@code NAME=PID_OR_PIDFILE[,…]}. */
    static CpuGroup parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw BenchException.usage("--cpu '" + text + "' is not of the form NAME=PID or NAME=FILE");
        }
        List<String> sources = List.of(text.substring(equals + 1).split(",", -1));
        CpuGroup group = of(text.substring(0, equals), sources);
        Map<String, ProcessSample> now = group.read();
        for (String source : sources) {
            if (!now.containsKey(source)) {
                throw BenchException.failed("--cpu " + text + ": " + source + " is no running process of this machine,"
                        + " nor a file with the pid of one");
            }
        }
        return group;
    }

    static CpuGroup of(String name, List<String> sources) {
        return new CpuGroup() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Map<String, ProcessSample> read() {
                Map<String, ProcessSample> samples = new TreeMap<>();
                sources.forEach(source -> add(samples, source));
                return samples;
            }
        };
    }

    /** The processes of {@code ./hermes demo --data-dir DIR}. */
    static List<CpuGroup> ofDemo(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw BenchException.failed(
                    "--demo " + directory + " is no folder: name the one after 'data in' in the demo's ready line");
        }
        List<CpuGroup> groups = new ArrayList<>();
        groups.add(inFolders("broker", directory, "broker-*/pid", "zookeeper*/pid"));
        groups.add(inFolders("ingress", directory, "ingress-*/pid"));
        groups.add(inFolders("applier", directory, "replica-*/applier/pid"));
        groups.add(inFolders("app", directory, "replica-*/app/pid"));
        return groups;
    }

    private static CpuGroup inFolders(String name, Path directory, String... globs) {
        return new CpuGroup() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Map<String, ProcessSample> read() {
                Map<String, ProcessSample> samples = new TreeMap<>();
                try (Stream<Path> tree = Files.walk(directory, 3)) {
                    tree.filter(file -> file.endsWith("pid") && matches(directory.relativize(file), globs))
                            .forEach(file -> add(samples, file.toString()));
                } catch (IOException | UncheckedIOException e) {
                    // A folder that vanishes in this moment: the group is told without its rest.
                    return samples;
                }
                return samples;
            }
        };
    }

    private static boolean matches(Path relative, String... globs) {
        return Stream.of(globs)
                .anyMatch(glob ->
                        relative.getFileSystem().getPathMatcher("glob:" + glob).matches(relative));
    }

    private static void add(Map<String, ProcessSample> samples, String source) {
        try {
            String text = source.matches("[0-9]{1,10}")
                    ? source
                    : Files.readString(Path.of(source)).strip();
            if (text.matches("[0-9]{1,10}")) {
                ProcessSample.read(Path.of("/proc"), Long.parseLong(text))
                        .ifPresent(sample -> samples.put(source, sample));
            }
        } catch (IOException e) {
            // A process that is just being replaced has no file for a moment: its group is told without it.
            return;
        }
    }
}

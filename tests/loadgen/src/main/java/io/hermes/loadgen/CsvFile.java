package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Results as lines of a file, each written as it comes; lines that are there already stay. The first five columns are the original
 * system's, but true: a mean throughput, and the 90th percentile of the latency in milliseconds.
 */
final class CsvFile {

    static final String COLUMNS = "avg_throughput;latency_90th;n_clients;threads_per_client;total_threads"
            + ";read_rate;mean_ms;p50_ms;p99_ms;p99.9_ms;max_ms;requests;seconds;errors;errors_by_kind"
            + ";cpu_us_per_request;target;begin";

    private final Path path;
    private final String further;

    /**
     * Begins a file, or goes on with one.
     *
     * @param furtherColumns columns after the usual ones, each begun by a semicolon
     */
    CsvFile(Path path, String furtherColumns) {
        this.path = path;
        this.further = furtherColumns;
        try {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.exists(path) || Files.size(path) == 0) {
                append(header());
            }
            try (var lines = Files.lines(path)) {
                if (!lines.findFirst().orElse("").equals(header())) {
                    throw BenchException.failed(path + " has other columns: name another file");
                }
            }
        } catch (IOException e) {
            throw BenchException.failed("cannot write " + path + " (" + e.getMessage() + "): name another file");
        }
    }

    /** Adds a line. */
    void add(RunResult result, String furtherValues) {
        try {
            append(line(result) + furtherValues);
        } catch (IOException e) {
            throw BenchException.failed("cannot write " + path + ": " + e.getMessage());
        }
    }

    static String line(RunResult result) {
        int clients = result.config().clients();
        return List.of(
                        number(result.throughput()),
                        number(result.percentileMillis(90)),
                        "1",
                        Integer.toString(clients),
                        Integer.toString(clients),
                        Integer.toString(result.config().workload().readPercent()),
                        number(result.meanMillis()),
                        number(result.percentileMillis(50)),
                        number(result.percentileMillis(99)),
                        number(result.percentileMillis(99.9)),
                        number(result.maxMillis()),
                        Long.toString(result.answers()),
                        number(result.measured().toNanos() / 1e9),
                        Long.toString(result.errors().total()),
                        pairs(result.errors().byKind()),
                        pairs(result.cpu().perRequest(result.answers())),
                        result.config().target().toString(),
                        result.begin().toString())
                .stream()
                .collect(Collectors.joining(";"));
    }

    private String header() {
        return COLUMNS + further;
    }

    private void append(String line) throws IOException {
        Files.writeString(path, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String pairs(Map<String, ? extends Number> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + "="
                        + (entry.getValue() instanceof Double share ? number(share) : entry.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}

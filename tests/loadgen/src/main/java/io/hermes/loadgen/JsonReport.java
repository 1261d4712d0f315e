package io.hermes.loadgen;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results for programs. */
final class JsonReport {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    /** Replaces the file in one step. */
    static void write(Path path, Map<String, Object> report) {
        try {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(fresh, MAPPER.writeValueAsString(report) + "\n");
            Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw BenchException.failed("cannot write " + path + ": " + e.getMessage());
        }
    }

    static Map<String, Object> of(RunResult result) {
        LoadConfig config = result.config();
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("target", config.target().toString());
        run.put("begin", result.begin().toString());
        run.put("clients", config.clients());
        run.put("loop", config.isOpenLoop() ? "open" : "closed");
        if (config.isOpenLoop()) {
            run.put("due_per_second", config.ratePerSecond());
            run.put("waited_over_1_ms", result.waited());
        }
        run.put("read_rate", config.workload().readPercent());
        run.put("body_bytes", config.workload().bodyBytes());
        run.put("headers", config.workload().headers());
        run.put("thinking_time_s", config.thinkingTime().toNanos() / 1e9);
        run.put("warm_up_s", config.warmUp().toNanos() / 1e9);
        run.put("measured_s", result.measured().toNanos() / 1e9);
        run.put("requests", result.answers());
        run.put("throughput_per_s", result.throughput());
        run.put("latency_ms", latencies(result));
        run.put("slowest_second", slowest(result.slowest()));
        run.put("errors", result.errors().byKind());
        run.put("cpu_us_per_request", result.cpu().perRequest(result.answers()));
        run.put("notes", result.notes());
        return run;
    }

    /** What a reader needs to judge figures. */
    static Map<String, Object> about(List<String> commandLine, Machine machine) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("date", machine.date().toString());
        about.put("commit", machine.commit());
        about.put("command_line", commandLine);
        about.put("machine", machine.describe());
        return about;
    }

    static Map<String, Object> of(Comparison comparison) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("throughput", finite(comparison.throughput()));
        ratios.put("p50", finite(comparison.p50()));
        ratios.put("p90", finite(comparison.p90()));
        ratios.put("p99", finite(comparison.p99()));
        return ratios;
    }

    private static Object finite(double ratio) {
        return Double.isFinite(ratio) ? ratio : "none";
    }

    private static Map<String, Object> slowest(SlowestSecond slowest) {
        Map<String, Object> second = new LinkedHashMap<>();
        second.put("second", slowest.second());
        second.put("max_ms", slowest.maxNanos() / 1e6);
        second.put("machine_hiccup_ms", slowest.hiccupNanos() / 1e6);
        return second;
    }

    private static Map<String, Object> latencies(RunResult result) {
        Map<String, Object> latencies = new LinkedHashMap<>();
        latencies.put("mean", result.meanMillis());
        latencies.put("p50", result.percentileMillis(50));
        latencies.put("p90", result.percentileMillis(90));
        latencies.put("p99", result.percentileMillis(99));
        latencies.put("p99.9", result.percentileMillis(99.9));
        latencies.put("max", result.maxMillis());
        return latencies;
    }
}

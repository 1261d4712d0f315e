package io.hermes.loadgen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = GridCommand.class,
        synopsisSubcommandLabel = "[grid]",
        description =
                "Puts load on an HTTP server and tells throughput, latency, errors, and CPU time per request. By default each"
                        + " client waits for its answer, thinks, and asks again (closed loop). With --rate, requests are due at"
                        + " fixed times whatever becomes of earlier ones (open loop), and latency counts from when a request was"
                        + " due. Throughput counts the answers that came within --duration; latencies and errors belong to the"
                        + " requests that began within it.",
        footer = {
            "",
            "Examples:",
            "  ./hermes bench --n-processes 16 --thinking-time 0 --duration 30 --warm-up 10",
            "  ./hermes bench --rate 2000 --n-processes 64 --read-rate 0 --time-series seconds.log",
            "  ./hermes bench --n-processes 64 --thinking-time 0 --baseline http://127.0.0.1:8001",
            "  ./hermes bench --demo /var/tmp/hermes --json result.json",
            "  ./hermes bench grid --out results",
            ""
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed: nothing was answered, or more errors than --errors-max", "2:usage"})
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--address", defaultValue = "localhost", description = "host of the server (default localhost)")
    private String address = "";

    @Option(names = "--port", defaultValue = "8000", description = "port of the server (default 8000)")
    private int port;

    @Option(names = "--read-rate", paramLabel = "PERCENT", defaultValue = "50", description = "GETs (default 50)")
    private int readPercent;

    @Option(
            names = "--n-processes",
            paramLabel = "N",
            defaultValue = "1",
            description = "clients, each with a connection of its own (default 1)")
    private int clients;

    @Option(
            names = "--thinking-time",
            paramLabel = "SECONDS",
            defaultValue = "0.2",
            description = "between an answer and the same client's next request; 0: none (default 0.2)")
    private double thinkingTime;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "open loop: so many requests a second are due, over all clients; --thinking-time is ignored")
    private double rate;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description =
                    "before anything is recorded (default 0; a cold JVM does half); a closed loop also with --rate, since a"
                            + " cold server would owe requests from the beginning")
    private double warmUp;

    @Mixin
    private WorkloadOptions options = new WorkloadOptions();

    @Option(
            names = "--baseline",
            paramLabel = "URL",
            description = "runs this server (B) in turn with the other (A), A B A B …, and tells the ratios A/B")
    private @Nullable String baseline;

    @Option(names = "--rounds", defaultValue = "2", description = "how often, with --baseline (default 2)")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the results as JSON")
    private @Nullable Path json;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "adds a line a run: avg_throughput;latency_90th;… (requests/s, milliseconds)")
    private @Nullable Path csv;

    @Option(
            names = "--latencies",
            paramLabel = "FILE",
            description = "writes a line per answer: <end, unix ns> <latency, ns>")
    private @Nullable Path latencies;

    @Option(
            names = "--time-series",
            paramLabel = "FILE",
            description = "writes a line per second: <its end, unix ns> <answers in it> <p99, ns> <max, ns>"
                    + " <longest hiccup of this machine, ns>")
    private @Nullable Path timeSeries;

    @Option(
            names = "--histogram",
            paramLabel = "FILE",
            description = "writes HdrHistogram's log, and the percentiles to FILE.hgrm")
    private @Nullable Path histogram;

    @Option(
            names = "--cpu",
            paramLabel = "NAME=PID[,…]",
            description = "tells the CPU time per request of these processes too; pids, or files with one")
    private List<String> cpu = List.of();

    @Option(
            names = "--demo",
            paramLabel = "DIR",
            description =
                    "tells the CPU time of the processes of ./hermes demo --data-dir DIR: broker, ingress, applier, app")
    private @Nullable Path demo;

    @Option(names = "--errors-max", paramLabel = "N", description = "fails (1) if there were more errors")
    private @Nullable Long errorsMax;

    @Override
    public Integer call() {
        LoadConfig subject = config(new Target(address, port));
        LoadConfig other = baseline == null ? null : config(Target.parse(baseline));
        if (rounds < 1) {
            throw BenchException.usage("--rounds " + rounds + " is not 1 or more");
        }
        List<CpuGroup> groups = new ArrayList<>();
        if (demo != null) {
            groups.addAll(CpuGroup.ofDemo(demo));
        }
        cpu.forEach(text -> groups.add(CpuGroup.parse(text)));
        CsvFile table = csv == null ? null : new CsvFile(csv, "");
        subject = prepared(subject);
        other = other == null ? null : prepared(other);
        try (Interruption interruption = new Interruption()) {
            Runs runs = new Runs(new CpuMeter(groups), table, interruption, options.progress());
            return other == null ? alone(runs, subject) : compare(runs, subject, other);
        }
    }

    private int alone(Runs runs, LoadConfig config) {
        RunResult result = runs.run("bench", config, paths(), false);
        writeJson(report -> report.put("run", JsonReport.of(result)));
        return exitCode(List.of(result));
    }

    private int compare(Runs runs, LoadConfig subject, LoadConfig other) {
        List<RunResult> subjects = new ArrayList<>();
        List<RunResult> others = new ArrayList<>();
        for (int round = 1; round <= rounds && !runs.isInterrupted(); round++) {
            subjects.add(runs.run("A " + round, subject, paths(), round > 1));
            if (runs.isInterrupted()) {
                break;
            }
            others.add(runs.run("B " + round, other, paths().withSuffix("-baseline"), round > 1));
        }
        List<RunResult> all = new ArrayList<>(subjects);
        all.addAll(others);
        if (!subjects.isEmpty() && !others.isEmpty()) {
            RunResult a = RunResult.merge(subjects);
            RunResult b = RunResult.merge(others);
            new TextReport(System.out).comparison(a, b);
            writeJson(report -> {
                report.put("runs", all.stream().map(JsonReport::of).toList());
                report.put("subject", JsonReport.of(a));
                report.put("baseline", JsonReport.of(b));
                report.put("ratios", JsonReport.of(Comparison.of(a, b)));
            });
        }
        return exitCode(all);
    }

    private int exitCode(List<RunResult> results) {
        if (results.isEmpty() || results.stream().anyMatch(RunResult::isEmpty)) {
            System.err.println("hermes: nothing was answered, so nothing was measured: see the errors above");
            return 1;
        }
        long errors =
                results.stream().mapToLong(result -> result.errors().total()).sum();
        if (errorsMax != null && errors > errorsMax) {
            System.err.println("hermes: " + errors + " errors are more than --errors-max " + errorsMax);
            return 1;
        }
        return 0;
    }

    private LoadConfig config(Target target) {
        return new LoadConfig(
                target,
                options.workload(readPercent),
                clients,
                rate,
                WorkloadOptions.seconds(thinkingTime),
                WorkloadOptions.seconds(warmUp),
                options.duration(),
                options.timeout());
    }

    private LoadConfig prepared(LoadConfig config) {
        config.target().requireListening();
        return config.withWorkload(options.prepared(config.target(), config.workload()));
    }

    private RunFiles.Paths paths() {
        return new RunFiles.Paths(latencies, timeSeries, histogram);
    }

    private void writeJson(Consumer<Map<String, Object>> fill) {
        if (json != null) {
            Map<String, Object> report =
                    new LinkedHashMap<>(JsonReport.about(CommandLines.of(spec), Machine.here(HermesScript.folder())));
            fill.accept(report);
            JsonReport.write(json, report);
        }
    }
}

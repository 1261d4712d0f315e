package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hermes bench grid}. */
@Command(
        name = "grid",
        mixinStandardHelpOptions = true,
        description =
                "The original system's experiment: throughput and latency for some numbers of clients and shares of reads, with"
                        + " and without replication, as tables and pictures. By default starts ./hermes log-server alone and then"
                        + " ./hermes demo by itself, ends them, and fails if the replicas are not identical afterwards.",
        footer = {
            "",
            "Results: DIR/points.csv, results.json, read-RATE.svg and .png (throughput against the latency's 90th percentile),",
            "SCENARIO-RATE/{throughput,latency,histogram}/CLIENTS-1.* (raw), SCENARIO-RATE/series/ (a picture a run).",
            "",
            "Examples:",
            "  ./hermes bench grid --out results",
            "  ./hermes bench grid --clients 2,16 --read-rates 0,100 --duration 10 --pause 2 -- --brokers 3",
            "  ./hermes bench grid --replicated http://ingress:8000 --alone http://app:8001 --check 'sh compare.sh'",
            ""
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed: a point was not measured, or replicas differ", "2:usage"})
final class GridCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "N",
            defaultValue = "2,4,8,16,32,64",
            description = "numbers of clients (default 2,4,8,16,32,64)")
    private List<Integer> clients = List.of();

    @Option(
            names = "--read-rates",
            split = ",",
            paramLabel = "PERCENT",
            defaultValue = "0,50,100",
            description = "shares of GETs (default 0,50,100)")
    private List<Integer> readPercents = List.of();

    @Option(
            names = "--first-warm-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "of each deployment, with most clients, before its first point (default 60)")
    private double firstWarmUp;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "before each point (default 5)")
    private double warmUp;

    @Option(names = "--pause", paramLabel = "SECONDS", defaultValue = "45", description = "between points (default 45)")
    private double pause;

    @Option(
            names = "--thinking-time",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "between an answer and the same client's next request (default 0)")
    private double thinkingTime;

    @Mixin
    private WorkloadOptions options = new WorkloadOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "new folder for the results (default: grid-DATE-TIME). Raw latencies take about 30 bytes a request:"
                            + " some gigabytes in all by default")
    private @Nullable Path out;

    @Option(names = "--no-latencies", description = "keeps no line per answer, only the histograms")
    private boolean noLatencies;

    @Option(
            names = "--port",
            defaultValue = "8600",
            description = "port of what it starts; the demo's admin ports begin 1000 above (default 8600)")
    private int port;

    @Option(names = "--replicated", paramLabel = "URL", description = "a replicated deployment that is there already")
    private @Nullable String replicated;

    @Option(names = "--alone", paramLabel = "URL", description = "a service without replication that is there already")
    private @Nullable String alone;

    @Option(
            names = "--check",
            paramLabel = "COMMAND",
            description =
                    "compares the replicas afterwards: exit code 0 means identical (default: the files of the demo's"
                            + " replicas are compared; with --replicated, nothing is)")
    private @Nullable String check;

    @Parameters(
            paramLabel = "DEMO-OPTION",
            arity = "0..*",
            description = "after --: further options of ./hermes demo, and your service")
    private List<String> demoOptions = List.of();

    @Override
    public Integer call() {
        GridPlan plan = new GridPlan(
                clients,
                readPercents,
                options.workload(0),
                WorkloadOptions.seconds(thinkingTime),
                WorkloadOptions.seconds(firstWarmUp),
                WorkloadOptions.seconds(warmUp),
                options.duration(),
                WorkloadOptions.seconds(pause),
                options.timeout(),
                directory(),
                !noLatencies);
        try (Interruption interruption = new Interruption()) {
            Map<Scenario, Supplier<Deployment>> deployments = deployments(plan, interruption);
            create(plan.directory());
            GridResults results = new GridResults(
                    plan.directory(), JsonReport.about(CommandLines.of(spec), Machine.here(HermesScript.folder())));
            System.out.printf(
                    "results in %s, in about %d minutes%n",
                    plan.directory(), Grid.duration(plan, deployments.size()).toMinutes() + 1);
            CheckCommand command = check == null ? null : new CheckCommand(check);
            new Grid(plan, options, results, command, options.progress(), interruption).run(deployments);
            new Pictures(plan.directory()).draw(results.measured());
            return end(results, interruption);
        }
    }

    private static int end(GridResults results, Interruption interruption) {
        results.failures().forEach((what, why) -> System.out.println("failed: " + what + ": " + why));
        if (interruption.isTold()) {
            System.out.println("ended before all points were measured");
            return 1;
        }
        return results.isGood() ? 0 : 1;
    }

    private Map<Scenario, Supplier<Deployment>> deployments(GridPlan plan, Interruption interruption) {
        Map<Scenario, Supplier<Deployment>> deployments = new LinkedHashMap<>();
        boolean existing = replicated != null || alone != null;
        if (existing) {
            if (!demoOptions.isEmpty()) {
                throw BenchException.usage("with --replicated or --alone no demo is started that could take "
                        + String.join(" ", demoOptions));
            }
            addExisting(deployments, Scenario.ALONE, alone);
            addExisting(deployments, Scenario.REPLICATED, replicated);
            return deployments;
        }
        new Target("localhost", port + DemoDeployment.ADMIN_PORTS_ABOVE);
        Path script = HermesScript.path();
        deployments.put(
                Scenario.ALONE,
                () -> new AppDeployment(script, port, plan.directory().resolve("app"), interruption));
        deployments.put(
                Scenario.REPLICATED,
                () -> new DemoDeployment(script, port, plan.directory().resolve("demo"), demoOptions, interruption));
        return deployments;
    }

    private static void addExisting(
            Map<Scenario, Supplier<Deployment>> deployments, Scenario scenario, @Nullable String url) {
        if (url != null) {
            Target target = Target.parse(url);
            deployments.put(scenario, () -> new ExistingDeployment(target));
        }
    }

    private Path directory() {
        return out == null
                ? Path.of("grid-"
                        + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                                .format(LocalDateTime.now(ZoneId.systemDefault())))
                : out;
    }

    private static void create(Path directory) {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw BenchException.failed(directory + " is not empty: name a new folder with --out");
                }
            }
        } catch (IOException e) {
            throw BenchException.failed("cannot create " + directory + " (" + e + "): name another with --out");
        }
    }
}

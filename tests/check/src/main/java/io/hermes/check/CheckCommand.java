package io.hermes.check;

import io.hermes.applier.AppCall;
import io.hermes.log.embedded.LoopbackPorts;
import io.hermes.proto.Header;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hermes check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Answers whether a service is deterministic, so that Hermes can replicate it: runs it several times, each in an"
                        + " empty directory, gives each run the same requests with the same Hermes- fields, and compares the answers."
                        + " In the last run the service is killed in the middle and begun anew. The last line is the verdict.",
        footer = {
            "",
            "Examples:",
            "  ./hermes check --example 'POST /insert hello' --example 'GET /line/1' -- python3 service.py --port {port}",
            "  ./hermes check --requests requests.jsonl -- java -jar service.jar --server.port={port}"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all answers are equal", "1:they differ, or the service did not answer", "2:usage"})
final class CheckCommand implements Callable<Integer> {

    private static final int COUNT = 200;
    /** Between runs: clocks that count in seconds must differ. */
    private static final long APART_MILLIS = 1_100;

    @Option(
            names = "--requests",
            paramLabel = "FILE",
            description = "give it these requests, as ./hermes log --export wrote them")
    private @Nullable Path requests;

    @Option(
            names = "--example",
            paramLabel = "REQUEST",
            description = "make requests like this one: METHOD PATH [BODY]; may be repeated (default: GET /)")
    private List<String> examples = List.of();

    @Option(
            names = "--header",
            paramLabel = "NAME:VALUE",
            description = "sent with each request that is made of examples; may be repeated")
    private List<String> headers = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "makes other requests of the same examples")
    private long seed;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "so many requests (default 200; of FILE, at most so many, default all)")
    private @Nullable Integer count;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "so many runs (default 3)")
    private int runs;

    @Option(
            names = "--restart-every",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "in the last run, kill the service after each N requests, and give it all from the first one on again"
                            + " (default: once, in the middle)")
    private int restartEvery;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "send up to N requests over the connection before their answers came, as with app.pipelining: N"
                            + " (default 1)")
    private int concurrency;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "longest wait for one answer (default 10)")
    private double timeoutSeconds;

    @Option(
            names = "--start-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "longest wait until it accepts connections (default 60)")
    private double startTimeoutSeconds;

    @Option(
            names = "--ignore-header",
            paramLabel = "NAME",
            description =
                    "do not compare this field of answers; may be repeated (never compared: Date, Server, Keep-Alive,"
                            + " Connection)")
    private List<String> ignored = List.of();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "keep the runs' directories and output here (default: a temporary one, removed at the end)")
    private @Nullable Path dataDir;

    @Option(names = "--json", description = "one JSON object instead of the report")
    private boolean json;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "starts one copy of your service; {port} and {replica} are replaced")
    private List<String> command = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = dataDir == null ? Path.of("") : dataDir.toAbsolutePath();
        CheckConfig config = config(directory);
        List<AppCall> calls = calls();
        PrintWriter out = spec.commandLine().getOut();
        if (dataDir == null) {
            directory = Files.createTempDirectory("hermes-check-");
            config = config(directory);
        }
        LoopbackPorts ports = new LoopbackPorts();
        RunRecorder recorder = new RunRecorder(config, calls, ports);
        Thread hook = new Thread(() -> endFromHook(recorder), "check-shutdown-0");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            TextReport report = new TextReport(json ? spec.commandLine().getErr() : out);
            List<Run> done = runAll(config, calls, recorder, report);
            if (recorder.isStopped()) {
                throw CheckException.failed("ended before a verdict");
            }
            Verdict verdict = Verdict.of(config, calls, done);
            if (json) {
                out.println(JsonReport.of(verdict, calls, done));
                out.flush();
            } else {
                report.verdict(verdict, calls);
            }
            return verdict.deterministic() ? 0 : 1;
        } finally {
            if (dataDir == null) {
                remove(directory);
            }
            ports.close();
            ended.countDown();
            unhook(hook);
        }
    }

    private List<Run> runAll(CheckConfig config, List<AppCall> calls, RunRecorder recorder, TextReport report)
            throws IOException, InterruptedException {
        List<Run> done = new ArrayList<>();
        for (int number = 1; number <= config.runs() && !recorder.isStopped(); number++) {
            boolean last = number == config.runs();
            Run run = recorder.run(number, last ? kills(calls.size()) : List.of());
            done.add(run);
            report.onRun(run, config.runs(), calls.size());
            if (!run.started()
                    || done.stream().filter(each -> each.failure() != null).count() == 2) {
                // What fails twice is no accident.
                break;
            }
            if (!last) {
                TimeUnit.MILLISECONDS.sleep(APART_MILLIS);
            }
        }
        return done;
    }

    private List<Integer> kills(int requests) {
        List<Integer> kills = new ArrayList<>();
        if (restartEvery == 0) {
            kills.add((requests + 1) / 2);
        } else {
            for (int after = restartEvery; after < requests; after += restartEvery) {
                kills.add(after);
            }
        }
        return kills;
    }

    private CheckConfig config(Path directory) {
        Set<String> noise = new HashSet<>(CheckConfig.NOISE);
        ignored.forEach(name -> noise.add(name.toLowerCase(Locale.ROOT)));
        return new CheckConfig(
                command,
                directory,
                runs,
                restartEvery,
                concurrency,
                duration(startTimeoutSeconds, "--start-timeout"),
                duration(timeoutSeconds, "--timeout"),
                noise);
    }

    private List<AppCall> calls() {
        Integer wanted = count;
        if (wanted != null) {
            CheckConfig.require(wanted >= 1, "--count", wanted, "at least 1");
        }
        Path file = requests;
        if (file != null) {
            if (!examples.isEmpty() || !headers.isEmpty()) {
                throw CheckException.usage(
                        "--requests excludes --example and --header: either of them says what is sent");
            }
            ExportReader reader = new ExportReader(file);
            List<AppCall> calls = reader.read(wanted == null ? Integer.MAX_VALUE : wanted);
            tell(calls.size() + " requests of " + file
                    + (reader.leftOut() == 0
                            ? ""
                            : ", without " + reader.leftOut() + " that were repeats, cancelled or given up"));
            return calls;
        }
        List<Example> parsed = examples.stream().map(Example::parse).toList();
        int made = wanted == null ? COUNT : wanted;
        tell(
                parsed.isEmpty()
                        ? made
                                + " requests, all of them GET /: name others with --example or --requests for a verdict that means more"
                        : made + " requests like " + parsed.size() + (parsed.size() == 1 ? " example" : " examples")
                                + ", seed " + seed);
        return new ExampleRequests(
                        parsed.isEmpty() ? List.of(Example.ROOT) : parsed,
                        headers.stream().map(CheckCommand::header).toList(),
                        new Random(seed))
                .make(made);
    }

    private void tell(String text) {
        PrintWriter to = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        to.println(text);
        to.flush();
    }

    private static Header header(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw CheckException.usage("--header is '" + text + "', wanted NAME:VALUE");
        }
        return new Header(
                text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }

    private static Duration duration(double seconds, String option) {
        if (!(seconds > 0 && seconds <= 86_400)) {
            throw CheckException.usage(option + " is " + seconds + ", wanted more than 0 and at most 86400 seconds");
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Ctrl-C reaches this process only: the app leads a session of its own, and is ended before we are. */
    private void endFromHook(RunRecorder recorder) {
        recorder.stop();
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                System.err.println("hermes: the service does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already, and has been told.
            return;
        }
    }

    private static void remove(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            tree.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

package io.hermes.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes log-server}: the original system's sample service. */
@Command(
        name = "log-server",
        mixinStandardHelpOptions = true,
        description =
                "A service that keeps lines: POST /insert appends the body, GET /line/N returns line N (1 is the first,"
                        + " 0 and -1 the last), GET /digest tells how many lines there are and a checksum of them.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
public final class LogServer implements Callable<Integer> {

    private static final int POPULATED_LINES = 1_000;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(
            names = "--file",
            defaultValue = "/tmp/logs/operations.log",
            description = "file that holds the lines (default /tmp/logs/operations.log)")
    private Path file = Path.of("");

    @Option(names = "--populate", description = "begin a new or empty file with 1000 lines automatic-populated-N")
    private boolean populate;

    @Option(names = "--throughput", description = "print '<unix_ns> <requests>' once a second")
    private boolean throughput;

    /**
     * Serves until the process ends.
     *
     * @param args as on the command line
     */
    public static void main(String[] args) {
        System.exit(ServerOptions.execute(new LogServer(), args));
    }

    @Option(
            names = "--aware",
            description =
                    "keep the Hermes-Position of the last request with the lines (in FILE.position), and tell it at"
                            + " /.well-known/hermes/position")
    private boolean aware;

    @Override
    public Integer call() throws IOException {
        LogService service;
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            service = aware ? LogService.aware(file) : new LogService(new LineLog(file), null);
        } catch (IOException e) {
            throw new IOException("cannot use " + file + " (" + e + "): choose another file with --file", e);
        }
        if (populate) {
            populate(service.log());
        }
        ThroughputLines lines = new ThroughputLines(System.out);
        if (throughput) {
            lines.start();
        }
        options.serve("log-server", service, lines);
        return 0;
    }

    static void populate(LineLog log) throws IOException {
        if (log.lines() > 0) {
            return;
        }
        for (int i = 0; i < POPULATED_LINES; i++) {
            log.append(("automatic-populated-" + i).getBytes(StandardCharsets.US_ASCII));
        }
        log.settle();
    }
}

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
        footerHeading = "Environment:%n",
        footer = ServerOptions.ENVIRONMENT,
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

    @Option(
            names = "--aware",
            description =
                    "position-aware: keep the Hermes-Position of the requests beside the lines, in FILE.position, and tell"
                            + " the highest at GET /.well-known/hermes/position; a file"
                            + " without that note is adopted at position 0")
    private boolean aware;

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

    @Override
    public Integer call() throws IOException {
        AppliedPosition applied = new AppliedPosition();
        LogService service = open(applied);
        if (populate) {
            populate(service.log());
            service.settle();
        }
        ThroughputLines lines = new ThroughputLines(System.out);
        if (throughput) {
            lines.start();
        }
        options.serve("log-server", aware ? new AwareService(service, applied) : service, lines);
        return 0;
    }

    private LogService open(AppliedPosition applied) throws IOException {
        Path note = PositionNote.beside(file);
        if (!aware && Files.exists(note)) {
            // Lines that the note does not count would be cut off at the next start with --aware.
            throw new IOException(file + " belongs to a position-aware service: use --aware, or remove " + note);
        }
        try {
            return aware ? LogService.aware(file, applied) : new LogService(new LineLog(file));
        } catch (IOException e) {
            throw new IOException("cannot use " + file + " (" + e + "): choose another file with --file", e);
        }
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

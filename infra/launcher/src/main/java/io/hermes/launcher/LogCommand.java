package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.Position;
import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes log}: what stands in the log. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Shows the log's records, one a line, in their order.",
        footer = {
            "",
            "Examples:",
            "  ./hermes log -c DIR/ingress-0/config.yaml --limit 20",
            "  ./hermes log -c DIR/ingress-0/config.yaml --from 1000 --decode",
            "  ./hermes log -c DIR/ingress-0/config.yaml --follow --kind request",
            "  ./hermes log -c DIR/ingress-0/config.yaml --export requests.jsonl"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class LogCommand extends OperatorCommand {

    private static final int BATCH_BYTES = 1 << 20;
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final long TAIL_SECONDS = 10;
    private static final long PROGRESS_RECORDS = 100_000;

    @Option(names = "--from", paramLabel = "POSITION", description = "begin here (default: where the log begins)")
    private long from;

    @Option(names = "--limit", paramLabel = "N", description = "show so many records at most (default: all)")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--follow", description = "go on with what comes, until Ctrl-C")
    private boolean follow;

    @Option(names = "--decode", description = "everything a record holds, as JSON, instead of a line about it")
    private boolean decode;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "only request, ask-again, barrier, inquiry, keep, settings, skip, initial-state, take-snapshot,"
                            + " snapshot-taken or stray")
    private @Nullable String kind;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "write what --decode shows into a file, one record a line")
    private @Nullable Path export;

    @Override
    void check() {
        if (kind != null && !RecordLines.KINDS.contains(kind)) {
            throw new ConfigException(
                    "--kind is '" + kind + "', wanted one of " + String.join(", ", RecordLines.KINDS));
        }
    }

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        Path file = export;
        if (file == null) {
            long shown = show(backend, out, decode);
            if (shown == 0 && !follow) {
                out.println("(nothing)");
            }
            return 0;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        long count;
        try (BufferedWriter writer = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8);
                PrintWriter lines = new PrintWriter(writer)) {
            count = show(backend, lines, true);
            if (lines.checkError()) {
                throw new java.io.IOException("cannot write " + fresh + ": is the disk full?");
            }
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        out.println(count + " records in " + file);
        return 0;
    }

    private long show(LogBackend backend, PrintWriter out, boolean whole) throws Exception {
        long tail = backend.log().tail().get(TAIL_SECONDS, TimeUnit.SECONDS).value();
        long shown = 0;
        long seen = 0;
        long last = 0;
        try (LogReader reader = backend.log().openReader(new Position(Math.max(0, from - 1)))) {
            while (shown < limit && (follow || last < tail)) {
                List<LogRecord> batch = reader.read(BATCH_BYTES, WAIT);
                if (batch.isEmpty() && !follow && last > 0 && from > tail) {
                    break;
                }
                for (LogRecord record : batch) {
                    last = record.position().value();
                    RecordLines lines = RecordLines.of(record);
                    if (shown < limit && (kind == null || kind.equals(lines.kind()))) {
                        out.println(whole ? lines.json() : lines.line());
                        shown++;
                    }
                    if (export != null && ++seen % PROGRESS_RECORDS == 0) {
                        System.err.println(seen + " records read, at position " + last + " of " + tail);
                    }
                }
                out.flush();
                if (from > tail && !follow) {
                    break;
                }
            }
        } catch (LogTrimmedException e) {
            throw new IllegalStateException("the log has forgotten position " + from + " (" + e.getMessage()
                    + "): ask for a later one with --from");
        }
        return shown;
    }
}

package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.Position;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            "  ./hermes log -c DIR/ingress-0/config.yaml --export requests.jsonl --from 1000 --to 2000"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class LogCommand extends OperatorCommand {

    private static final int BATCH_BYTES = 1 << 20;
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final long TAIL_SECONDS = 10;
    private static final long PROGRESS_NANOS = 2_000_000_000L;
    private static final long SILENCE_NANOS_MAX = 60_000_000_000L;

    private interface Sink {
        void take(RecordLines record) throws IOException;
    }

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            description = "begin here (default: where the log begins by now)")
    private long from;

    @Option(
            names = "--to",
            paramLabel = "POSITION",
            description = "end here, what stands at it included (default: the last record of this moment)")
    private long to = Long.MAX_VALUE;

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
                            + " snapshot-taken, window-digest, window-detail, close-window or stray")
    private @Nullable String kind;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description =
                    "write into a file what --decode shows of the requests, and of the skips and cancellations that keep"
                            + " requests from apps; with --kind of those records. The file appears when all is in it")
    private @Nullable Path export;

    private long told;

    @Override
    void check() {
        if (kind != null && !RecordLines.KINDS.contains(kind)) {
            throw new ConfigException(
                    "--kind is '" + kind + "', wanted one of " + String.join(", ", RecordLines.KINDS));
        }
        if (from < 0) {
            throw new ConfigException("--from is " + from + ", wanted a position");
        }
        if (to < from) {
            throw new ConfigException("--to is " + to + ", wanted at least --from, which is " + from);
        }
        if (export != null && follow) {
            throw new ConfigException("--export and --follow exclude each other: a file that appears when it is whole"
                    + " would never appear");
        }
    }

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        Path file = export;
        if (file != null) {
            export(backend, file, out);
            return 0;
        }
        long shown = forEach(backend, record -> {
            out.println(decode ? record.json() : record.line());
            out.flush();
        });
        if (shown == 0 && !follow) {
            out.println("(nothing)");
        }
        return 0;
    }

    private void export(LogBackend backend, Path file, PrintWriter out) throws Exception {
        long count;
        try (WholeFile lines = new WholeFile(file)) {
            count = forEach(backend, record -> lines.line(record.json()));
            lines.finish();
        }
        out.println(count + " records in " + file);
    }

    /** Tells the wanted records in their order, up to the last one of now unless they are to be followed. */
    private long forEach(LogBackend backend, Sink sink) throws Exception {
        Position after = new Position(Math.max(0, from - 1));
        while (true) {
            try {
                forEach(backend, after, sink);
                return told;
            } catch (LogTrimmedException e) {
                if (from > 0 || export != null) {
                    throw new IllegalStateException("the log has forgotten what stood at position " + Math.max(1, from)
                            + " (" + e.getMessage() + "): begin later, with --from");
                }
                after = e.resumeAfter();
                System.err.println("the log goes on behind position " + after + ": what stood before is forgotten");
            }
        }
    }

    private void forEach(LogBackend backend, Position after, Sink sink) throws Exception {
        long tail = backend.log().tail().get(TAIL_SECONDS, TimeUnit.SECONDS).value();
        long end = Math.min(to, follow ? Long.MAX_VALUE : tail);
        long read = 0;
        long last = 0;
        long progressNanos = System.nanoTime() + PROGRESS_NANOS;
        long silenceNanos = System.nanoTime() + SILENCE_NANOS_MAX;
        try (LogReader reader = backend.log().openReader(after)) {
            while (told < limit && last < end) {
                List<LogRecord> batch = reader.read(BATCH_BYTES, WAIT);
                for (LogRecord record : batch) {
                    last = record.position().value();
                    read++;
                    RecordLines lines = RecordLines.of(record);
                    if (told < limit && last <= to && isWanted(lines)) {
                        sink.take(lines);
                        told++;
                    }
                }
                long now = System.nanoTime();
                if (export != null && now - progressNanos >= 0) {
                    progressNanos = now + PROGRESS_NANOS;
                    System.err.println(read + " records read, at position " + last + " of " + end);
                }
                if (Math.max(from, after.value() + 1) > tail && !follow) {
                    // The tail may be a little old: what came since was shown.
                    break;
                }
                if (!batch.isEmpty() || follow) {
                    silenceNanos = now + SILENCE_NANOS_MAX;
                } else if (now - silenceNanos >= 0) {
                    throw new IllegalStateException("the log does not answer: nothing after position " + last
                            + " within 60 s, and its last record is at " + tail);
                }
            }
        }
    }

    private boolean isWanted(RecordLines record) {
        if (kind != null) {
            return kind.equals(record.kind());
        }
        return export == null || record.decides();
    }
}

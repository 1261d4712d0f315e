package io.hermes.loadgen;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands have in common on the command line. */
final class WorkloadOptions {

    @Option(names = "--bytes-size", defaultValue = "128", description = "bytes of a write's body (default 128)")
    private int bodyBytes;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "35",
            description =
                    "after which a request without an answer is an error (default 35: more than ingress.request-timeout, so that"
                            + " a 504 is seen as one)")
    private double timeout;

    @Option(
            names = "--read-path",
            paramLabel = "PATH",
            defaultValue = "/line/{n}",
            description = "path of a GET; {n} becomes the number of a line that was written (default /line/{n})")
    private String readPath = "";

    @Option(
            names = "--write-path",
            paramLabel = "PATH",
            defaultValue = "/insert",
            description = "path of a POST; its body is random, A to Z (default /insert)")
    private String writePath = "";

    @Option(
            names = "--lines",
            paramLabel = "N",
            description =
                    "so many lines are there to be read (default: what the server says at /digest; if it does not, or has"
                            + " none, 1000 are written first)")
    private @Nullable Long lines;

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "a further header field; may be given several times")
    private List<String> headers = List.of();

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "measured, by grid at each point (default 90)")
    private double duration;

    @Option(names = "--quiet", description = "no line a second on standard error")
    private boolean quiet;

    Workload workload(int readPercent) {
        return new Workload(bodyBytes, readPercent, readPath, writePath, headers, lines == null ? 0 : lines);
    }

    Duration timeout() {
        return seconds(timeout);
    }

    Duration duration() {
        return seconds(duration);
    }

    Progress progress() {
        return quiet ? Progress.QUIET : Progress.lines(System.err);
    }

    /** The workload with as many lines as the server has, if that matters. */
    Workload prepared(Target target, Workload workload) {
        if (lines != null || !workload.readsLines()) {
            return workload;
        }
        return workload.withFirstLines(new Lines(target, workload, timeout()).prepare());
    }

    static Duration seconds(double seconds) {
        if (!(Math.abs(seconds) < 1e8)) {
            throw BenchException.usage(seconds + " is no number of seconds");
        }
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}

package io.hermes.loadgen;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Results for people. */
final class TextReport {

    private final PrintStream out;

    TextReport(PrintStream out) {
        this.out = out;
    }

    void begin(String title, LoadConfig config) {
        Workload workload = config.workload();
        out.printf(
                Locale.ROOT,
                "%s: %s, %d clients, %s, %d %% reads, bodies of %d bytes, %s s%s%n",
                title,
                config.target(),
                config.clients(),
                loop(config),
                workload.readPercent(),
                workload.bodyBytes(),
                seconds(config.duration().toNanos()),
                config.warmUp().isZero()
                        ? ""
                        : " after " + seconds(config.warmUp().toNanos()) + " s of warm-up");
        out.flush();
    }

    void result(RunResult result) {
        if (result.isEmpty()) {
            line("throughput", "nothing was answered");
        } else {
            line(
                    "throughput",
                    String.format(Locale.ROOT, "%,.1f requests/s (%,d)", result.throughput(), result.answers()));
            line(
                    "latency",
                    "mean %s  p50 %s  p90 %s  p99 %s  p99.9 %s  max %s ms"
                            .formatted(
                                    Figures.threeDigits(result.meanMillis()),
                                    Figures.threeDigits(result.percentileMillis(50)),
                                    Figures.threeDigits(result.percentileMillis(90)),
                                    Figures.threeDigits(result.percentileMillis(99)),
                                    Figures.threeDigits(result.percentileMillis(99.9)),
                                    Figures.threeDigits(result.maxMillis())));
        }
        if (result.config().isOpenLoop()) {
            line(
                    "waited",
                    String.format(
                            Locale.ROOT,
                            "%,d over 1 ms for a free connection; that is in their latency",
                            result.waited()));
        }
        SlowestSecond slowest = result.slowest();
        if (slowest.second() > 0) {
            line(
                    "slowest",
                    "second %d: %s ms; this machine kept a thread that only had to wake up waiting for %s ms"
                            .formatted(
                                    slowest.second(),
                                    Figures.threeDigits(slowest.maxNanos() / 1e6),
                                    Figures.threeDigits(slowest.hiccupNanos() / 1e6)));
        }
        line("errors", result.errors().toString());
        if (result.answers() > 0) {
            line("CPU", cpu(result) + " µs per request");
        }
        result.notes().forEach(note -> line("note", note));
        out.flush();
    }

    /** The same figures of two servers, and how many times the first one's the other's are. */
    void comparison(RunResult subject, RunResult baseline) {
        Comparison comparison = Comparison.of(subject, baseline);
        out.printf("%n%-12s %14s %14s %8s%n", "", "A", "B baseline", "A/B");
        row("requests/s", subject.throughput(), baseline.throughput(), comparison.throughput());
        row("p50 ms", subject.percentileMillis(50), baseline.percentileMillis(50), comparison.p50());
        row("p90 ms", subject.percentileMillis(90), baseline.percentileMillis(90), comparison.p90());
        row("p99 ms", subject.percentileMillis(99), baseline.percentileMillis(99), comparison.p99());
        out.flush();
    }

    static String cpu(RunResult result) {
        Map<String, Double> shares = result.cpu().perRequest(result.answers());
        return shares.entrySet().stream()
                .map(entry -> entry.getKey() + " " + Figures.threeDigits(entry.getValue()))
                .collect(Collectors.joining("  "));
    }

    private void row(String name, double subject, double baseline, double ratio) {
        out.printf(
                Locale.ROOT,
                "%-12s %14s %14s %8s%n",
                name,
                Figures.threeDigits(subject),
                Figures.threeDigits(baseline),
                Double.isNaN(ratio) ? "-" : Figures.threeDigits(ratio));
    }

    private void line(String name, String text) {
        out.printf("  %-11s %s%n", name, text);
    }

    private static String loop(LoadConfig config) {
        if (config.isOpenLoop()) {
            return String.format(Locale.ROOT, "open loop with %,.1f requests/s", config.ratePerSecond());
        }
        return config.thinkingTime().isZero()
                ? "closed loop"
                : "closed loop with " + seconds(config.thinkingTime().toNanos()) + " s of thinking";
    }

    private static String seconds(long nanos) {
        double seconds = nanos / 1e9;
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }
}

package io.hermes.loadgen;

import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Tells how a run is going. */
interface Progress {

    /** Tells nothing. */
    Progress QUIET = (phase, seconds, requests, latencies, errors) -> {};

    /**
     * A second is over.
     *
     * @param phase warm-up, run, or waiting for the last answers
     * @param seconds since the phase began
     * @param requests answered in this second
     * @param latencies recorded so far; only to be read, and only now
     * @param errors so far
     */
    void onSecond(String phase, long seconds, long requests, Histogram latencies, long errors);

    /** A line a second. */
    static Progress lines(PrintStream out) {
        return (phase, seconds, requests, latencies, errors) -> out.printf(
                Locale.ROOT,
                "%-8s %4d s  %,9d/s   p50 %s   p99 %s   errors %,d%n",
                phase,
                seconds,
                requests,
                percentile(latencies, 50),
                percentile(latencies, 99),
                errors);
    }

    private static String percentile(Histogram latencies, double percentile) {
        return latencies.getTotalCount() == 0 ? "-" : Figures.millis(latencies.getValueAtPercentile(percentile));
    }
}

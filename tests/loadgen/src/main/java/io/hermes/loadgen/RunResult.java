package io.hermes.loadgen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a run showed.
 *
 * @param config of the run
 * @param begin when measuring began
 * @param measured how long it measured
 * @param answers that came in that time, without errors
 * @param latencies in nanoseconds, of the requests that began (open loop: were due) in that time; not to be changed
 * @param errors of such requests
 * @param waited requests of the open loop that waited over a millisecond for a free connection
 * @param slowest second of it
 * @param cpu used in that time
 * @param notes for the reader
 */
record RunResult(
        LoadConfig config,
        Instant begin,
        Duration measured,
        long answers,
        Histogram latencies,
        ErrorCounts errors,
        long waited,
        SlowestSecond slowest,
        CpuUse cpu,
        List<String> notes) {

    RunResult {
        notes = List.copyOf(notes);
    }

    /** Mean of answers per second. */
    double throughput() {
        double seconds = measured.toNanos() / 1e9;
        return seconds > 0 ? answers / seconds : 0;
    }

    boolean isEmpty() {
        return latencies.getTotalCount() == 0;
    }

    double percentileMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    double meanMillis() {
        return isEmpty() ? 0 : latencies.getMean() / 1e6;
    }

    double maxMillis() {
        return latencies.getMaxValue() / 1e6;
    }

    /** Several runs of one configuration as one. */
    static RunResult merge(List<RunResult> runs) {
        RunResult first = runs.get(0);
        Duration measured = Duration.ZERO;
        long answers = 0;
        long waited = 0;
        Histogram latencies = new Histogram(first.latencies);
        latencies.reset();
        ErrorCounts errors = new ErrorCounts();
        SlowestSecond slowest = SlowestSecond.NONE;
        CpuUse cpu = CpuUse.NONE;
        List<String> notes = new ArrayList<>();
        for (RunResult run : runs) {
            measured = measured.plus(run.measured);
            answers += run.answers;
            waited += run.waited;
            latencies.add(run.latencies);
            errors.addAll(run.errors);
            slowest = slowest.or(run.slowest);
            cpu = cpu.plus(run.cpu);
            notes.addAll(run.notes);
        }
        return new RunResult(
                first.config, first.begin, measured, answers, latencies, errors, waited, slowest, cpu, notes);
    }
}

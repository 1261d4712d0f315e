package io.hermes.loadgen;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What happened, in memory of fixed size. Throughput counts the answers that came while it measured; latencies and errors belong to
 * the requests that began (open loop: were due) in that time, whenever they ended. Owned by the loop's thread.
 */
final class Recorder {

    private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Less than this is no second of its own at the end. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int DIGITS = 3;

    private final RunFiles files;
    private final Progress progress;
    private final long unixOffsetNanos;
    private final Hiccups hiccups;
    private final Histogram latencies = new Histogram(LATENCY_NANOS_MAX, DIGITS);
    private final Histogram interval = new Histogram(LATENCY_NANOS_MAX, DIGITS);
    private final ErrorCounts errors = new ErrorCounts();

    private String phase = "warm-up";
    private long phaseNanos;
    private long nextSecondNanos;
    private long answersInSecond;
    private long answers;
    private long waited;
    private long hiccupBefore;
    private SlowestSecond slowest = SlowestSecond.NONE;
    // What is measured: requests that began from the first to before the second.
    private long fromNanos = Long.MAX_VALUE;
    private long toNanos = Long.MAX_VALUE;

    /**
     * Records nothing yet.
     *
     * @param unixOffsetNanos added to the loop's clock gives nanoseconds since 1970
     * @param hiccups of this machine
     */
    Recorder(RunFiles files, Progress progress, long unixOffsetNanos, Hiccups hiccups) {
        this.files = files;
        this.progress = progress;
        this.unixOffsetNanos = unixOffsetNanos;
        this.hiccups = hiccups;
    }

    void toWarmUp(long now) {
        begin("warm-up", now);
    }

    void toMeasuring(long now) {
        fromNanos = now;
        begin("run", now);
        interval.setStartTimeStamp(unixMillis(now));
    }

    void toDraining(long now) {
        onTime(now - REST_NANOS);
        // The loop came some milliseconds late: they belong to the last second.
        if (now > nextSecondNanos - SECOND) {
            endSecond(now);
        }
        toNanos = now;
        begin("last", now);
    }

    /** Ends the seconds that are over. */
    void onTime(long now) {
        while (now >= nextSecondNanos) {
            endSecond(nextSecondNanos);
            nextSecondNanos += SECOND;
        }
    }

    void onAnswer(long startNanos, long endNanos) {
        answersInSecond++;
        if (endNanos >= fromNanos && toNanos == Long.MAX_VALUE) {
            answers++;
        }
        if (measures(startNanos)) {
            long latency = Math.min(Math.max(0, endNanos - startNanos), LATENCY_NANOS_MAX);
            latencies.recordValue(latency);
            interval.recordValue(latency);
            files.onLatency(endNanos + unixOffsetNanos, latency);
        }
    }

    void onError(long startNanos, int status) {
        if (measures(startNanos)) {
            errors.add(status);
        }
    }

    void onError(long startNanos, ErrorKind kind) {
        if (measures(startNanos)) {
            errors.add(kind);
        }
    }

    /** A request began later than it was due. */
    void onLate(long dueNanos, long now) {
        if (measures(dueNanos) && now - dueNanos > LATE_NANOS) {
            waited++;
        }
    }

    long answers() {
        return answers;
    }

    Histogram latencies() {
        return latencies;
    }

    ErrorCounts errors() {
        return errors;
    }

    /** Requests of the open loop that waited over a millisecond for a free connection. */
    long waited() {
        return waited;
    }

    /** Of those seconds that are over. */
    SlowestSecond slowest() {
        return slowest;
    }

    /** All is over; tells which files are not whole. */
    List<String> finish() {
        if (toNanos != Long.MAX_VALUE && interval.getTotalCount() > 0) {
            // Answers after the end belong to no second of the time series, but to the log of latencies.
            interval.setEndTimeStamp(Math.max(interval.getStartTimeStamp(), interval.getEndTimeStamp()));
            files.onLastInterval(interval);
        }
        return files.finish(latencies);
    }

    private boolean measures(long startNanos) {
        return startNanos >= fromNanos && startNanos < toNanos;
    }

    private void begin(String name, long now) {
        phase = name;
        phaseNanos = now;
        nextSecondNanos = now + SECOND;
        answersInSecond = 0;
    }

    private void endSecond(long end) {
        long second = (end - phaseNanos + SECOND / 2) / SECOND;
        progress.onSecond(phase, second, answersInSecond, latencies, errors.total());
        long hiccup = hiccups.takeWorstNanos();
        if (fromNanos != Long.MAX_VALUE && toNanos == Long.MAX_VALUE) {
            interval.setEndTimeStamp(unixMillis(end));
            files.onSecond(end + unixOffsetNanos, answersInSecond, interval, hiccup);
            slowest = slowest.or(
                    new SlowestSecond(Math.max(1, second), interval.getMaxValue(), Math.max(hiccup, hiccupBefore)));
            interval.reset();
            interval.setStartTimeStamp(unixMillis(end));
        }
        hiccupBefore = hiccup;
        answersInSecond = 0;
    }

    private long unixMillis(long nanos) {
        return (nanos + unixOffsetNanos) / 1_000_000;
    }
}

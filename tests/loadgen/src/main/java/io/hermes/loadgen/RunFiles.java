package io.hermes.loadgen;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/** The raw files of a run, each of them optional. Owned by the loop's thread. */
final class RunFiles implements AutoCloseable {

    private static final long BYTES_MAX = 1L << 30;
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Where they go.
     *
     * @param latencies a line per answer: when it came, how long it took
     * @param timeSeries a line per second: its end, answers in it, p99, the longest latency, the machine's longest hiccup
     * @param histogram HdrHistogram's log, an entry per second; beside it the percentiles, with the ending {@code .hgrm}
     */
    record Paths(@Nullable Path latencies, @Nullable Path timeSeries, @Nullable Path histogram) {

        static final Paths NONE = new Paths(null, null, null);

        /** The same with something added to each name, before its ending. */
        Paths withSuffix(String suffix) {
            return new Paths(suffixed(latencies, suffix), suffixed(timeSeries, suffix), suffixed(histogram, suffix));
        }

        private static @Nullable Path suffixed(@Nullable Path path, String suffix) {
            if (path == null) {
                return null;
            }
            String name = String.valueOf(path.getFileName());
            int dot = name.lastIndexOf('.');
            String ending = dot > 0 ? name.substring(dot) : "";
            return path.resolveSibling(name.substring(0, name.length() - ending.length()) + suffix + ending);
        }
    }

    private final @Nullable LineFile latencies;
    private final @Nullable LineFile timeSeries;
    private final @Nullable PrintStream histogramOut;
    private final @Nullable HistogramLogWriter histogramLog;
    private final @Nullable Path histogram;

    private RunFiles(
            @Nullable LineFile latencies,
            @Nullable LineFile timeSeries,
            @Nullable PrintStream histogramOut,
            @Nullable Path histogram) {
        this.latencies = latencies;
        this.timeSeries = timeSeries;
        this.histogramOut = histogramOut;
        this.histogramLog = histogramOut == null ? null : new HistogramLogWriter(histogramOut);
        this.histogram = histogram;
    }

    static RunFiles open(Paths paths, boolean append) {
        try {
            RunFiles files = new RunFiles(
                    lines(paths.latencies(), append),
                    lines(paths.timeSeries(), append),
                    stream(paths.histogram(), append),
                    paths.histogram());
            if (!append) {
                files.beginHistogramLog();
            }
            return files;
        } catch (IOException e) {
            throw BenchException.failed("cannot write " + e.getMessage() + ": name another file");
        }
    }

    void onLatency(long endUnixNanos, long latencyNanos) {
        if (latencies != null) {
            latencies.line(endUnixNanos, latencyNanos);
        }
    }

    /**
     * A second is over.
     *
     * @param requests answered in it
     * @param interval their latencies; only read here
     * @param hiccupNanos the longest that this machine kept an idle thread waiting
     */
    void onSecond(long endUnixNanos, long requests, Histogram interval, long hiccupNanos) {
        if (timeSeries != null) {
            timeSeries.line(new long[] {
                endUnixNanos, requests, interval.getValueAtPercentile(99), interval.getMaxValue(), hiccupNanos
            });
            timeSeries.flush();
        }
        if (histogramLog != null) {
            histogramLog.outputIntervalHistogram(interval);
        }
    }

    /** Latencies of answers that came after the last second. */
    void onLastInterval(Histogram interval) {
        if (histogramLog != null) {
            histogramLog.outputIntervalHistogram(interval);
        }
    }

    /** All is recorded; tells which files are not whole. */
    List<String> finish(Histogram all) {
        close();
        List<String> notes = new ArrayList<>();
        for (LineFile file : new LineFile[] {latencies, timeSeries}) {
            if (file != null && !file.cut().isEmpty()) {
                notes.add(file.cut());
            }
        }
        if (histogram != null) {
            if (histogramOut != null && histogramOut.checkError()) {
                notes.add(histogram + " is cut off");
            }
            try (PrintStream percentiles = stream(Path.of(histogram + ".hgrm"), false)) {
                if (percentiles != null) {
                    all.outputPercentileDistribution(percentiles, NANOS_PER_MILLI);
                }
            } catch (IOException e) {
                notes.add(histogram + ".hgrm cannot be written: " + e.getMessage());
            }
        }
        return notes;
    }

    @Override
    public void close() {
        if (latencies != null) {
            latencies.close();
        }
        if (timeSeries != null) {
            timeSeries.close();
        }
        if (histogramOut != null) {
            histogramOut.close();
        }
    }

    private void beginHistogramLog() {
        if (histogramLog != null) {
            histogramLog.outputComment("[latencies in nanoseconds; the Max column in milliseconds]");
            histogramLog.outputLogFormatVersion();
            histogramLog.outputLegend();
        }
    }

    private static @Nullable LineFile lines(@Nullable Path path, boolean append) throws IOException {
        return path == null ? null : new LineFile(path, append, BYTES_MAX);
    }

    private static @Nullable PrintStream stream(@Nullable Path path, boolean append) throws IOException {
        if (path == null) {
            return null;
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return new PrintStream(
                Files.newOutputStream(
                        path,
                        StandardOpenOption.CREATE,
                        append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                false,
                StandardCharsets.UTF_8);
    }
}

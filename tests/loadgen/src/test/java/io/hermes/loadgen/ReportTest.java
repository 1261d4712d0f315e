package io.hermes.loadgen;

import static io.hermes.loadgen.Loads.aLoadOn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path temp = Path.of("");

    /** The original system's p90 was a mean, and its average throughput a 90th percentile. */
    @Test
    void columnsAreWhatTheyAreCalled() throws IOException {
        Path file = temp.resolve("out/points.csv");
        new CsvFile(file, "").add(skewed(100, 10), "");

        List<String> lines = Files.readAllLines(file);
        String[] names = lines.get(0).split(";", -1);
        String[] values = lines.get(1).split(";", -1);
        assertThat(lines.get(0)).startsWith("avg_throughput;latency_90th;n_clients;threads_per_client;total_threads;");
        assertThat(values).hasSameSizeAs(names);
        // 100 answers in 10 s; 89 of 1 ms, 10 of 10 ms, 1 of 1000 ms.
        assertThat(Double.parseDouble(values[0])).isEqualTo(10);
        assertThat(Double.parseDouble(values[1])).isCloseTo(10, within(0.02));
        assertThat(values[2]).isEqualTo("1");
        assertThat(values[3]).isEqualTo("3");
        assertThat(values[4]).isEqualTo("3");
        assertThat(value(names, values, "mean_ms")).isCloseTo(11.89, within(0.02));
        assertThat(value(names, values, "p50_ms")).isCloseTo(1, within(0.002));
        assertThat(value(names, values, "max_ms")).isCloseTo(1000, within(2.0));
        assertThat(lines.get(1)).contains(";timeout=1;app=50000.000;");
    }

    @Test
    void runsAreAddedToTheSameTable() throws IOException {
        Path file = temp.resolve("points.csv");
        new CsvFile(file, "").add(skewed(100, 10), "");
        new CsvFile(file, "").add(skewed(100, 20), "");

        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .filteredOn(line -> line.startsWith("avg"))
                .hasSize(1);
    }

    @Test
    void tableOfAnotherKindIsLeftAlone() throws IOException {
        Path file = Files.writeString(temp.resolve("other.csv"), "a,b\n");

        assertThatThrownBy(() -> new CsvFile(file, "")).hasMessageContaining("other columns");
        assertThat(file).hasContent("a,b\n");
    }

    @Test
    void jsonHasTheSameFigures() {
        Map<String, Object> json = JsonReport.of(skewed(100, 10));

        assertThat(json).containsEntry("throughput_per_s", 10.0).containsEntry("errors", Map.of("timeout", 1L));
        assertThat(json.get("slowest_second"))
                .isEqualTo(Map.of("second", 2L, "max_ms", 1000.0, "machine_hiccup_ms", 3.0));
        assertThat(json.get("latency_ms")).asString().contains("p90=10.0");
    }

    @Test
    void ratiosAreThoseOfTheMergedRounds() {
        RunResult subject = RunResult.merge(List.of(skewed(100, 10), skewed(300, 10)));
        RunResult baseline = RunResult.merge(List.of(skewed(100, 10), skewed(100, 10)));

        Comparison comparison = Comparison.of(subject, baseline);

        assertThat(subject.throughput()).isEqualTo(20);
        assertThat(subject.latencies().getTotalCount()).isEqualTo(200);
        assertThat(comparison.throughput()).isEqualTo(2);
        assertThat(comparison.p90()).isEqualTo(1);
    }

    @Test
    void rawFilesHaveALinePerAnswerAndASecondPerLine() throws IOException {
        RunFiles.Paths paths = new RunFiles.Paths(
                temp.resolve("latency.log"), temp.resolve("seconds.log"), temp.resolve("latency.hlog"));
        long beginMillis = System.currentTimeMillis();
        RunResult result;
        try (StubServer server = StubServer.written()) {
            result = aLoadOn(server.target())
                    .withClients(2)
                    .withDurationMillis(1_200)
                    .withThinkingMillis(1)
                    .withPaths(paths)
                    .run();
        }

        List<String> latencies = Files.readAllLines(temp.resolve("latency.log"));
        assertThat(latencies)
                .hasSize((int) result.latencies().getTotalCount())
                .allMatch(line -> line.matches("[0-9]{19} [0-9]+"));
        assertThat(Long.parseLong(latencies.get(0).substring(0, 19)) / 1_000_000)
                .isBetween(beginMillis, System.currentTimeMillis());
        List<String> seconds = Files.readAllLines(temp.resolve("seconds.log"));
        assertThat(seconds).hasSize(2).allMatch(line -> line.matches("[0-9]{19}( [0-9]+){4}"));
        assertThat(seconds.stream()
                        .mapToLong(line -> Long.parseLong(line.split(" ", 3)[1]))
                        .sum())
                .isEqualTo(result.answers());
        assertThat(temp.resolve("latency.hlog.hgrm")).content().contains("Percentile");
        assertThat(countsInLog(temp.resolve("latency.hlog")))
                .isEqualTo(result.latencies().getTotalCount());
    }

    @Test
    void fileThatReachesItsBoundIsCutOffAndSaysSo() throws IOException {
        Path path = temp.resolve("bounded.log");
        LineFile file = new LineFile(path, false, 100_000);
        for (int i = 0; i < 100_000; i++) {
            file.line(i, i);
        }
        file.close();

        assertThat(file.cut()).contains("cut off");
        assertThat(Files.size(path)).isLessThan(300_000);
    }

    static RunResult skewed(int answers, int seconds) {
        Histogram latencies = new Histogram(3_600_000_000_000L, 3);
        latencies.recordValueWithCount(1_000_000, 89);
        latencies.recordValueWithCount(10_000_000, 10);
        latencies.recordValue(1_000_000_000);
        ErrorCounts errors = new ErrorCounts();
        errors.add(ErrorKind.TIMEOUT);
        return new RunResult(
                aLoadOn(new Target("localhost", 8000)).withClients(3).config(),
                Instant.EPOCH,
                Duration.ofSeconds(seconds),
                answers,
                latencies,
                errors,
                0,
                new SlowestSecond(2, 1_000_000_000, 3_000_000),
                new CpuUse(Map.of("app", 5_000_000L), List.of()),
                List.of());
    }

    private static double value(String[] names, String[] values, String name) {
        return Double.parseDouble(values[List.of(names).indexOf(name)]);
    }

    private static long countsInLog(Path log) throws IOException {
        long count = 0;
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram interval) {
                    count += interval.getTotalCount();
                }
            }
        }
        return count;
    }
}

package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Draws the experiment: per read rate, throughput against the latency's 90th percentile; per run, its seconds. */
final class Pictures {

    private static final int WIDTH = 1_000;
    private static final int HEIGHT = 640;
    private static final int SERIES_HEIGHT = 440;
    private static final double NANOS_PER_SECOND = 1e9;
    /** A shorter piece at the end is no second to compare with others. */
    private static final double SECOND_MIN = 0.9;
    /** From this ratio of the largest to the smallest on, an axis is logarithmic. */
    private static final double LOGARITHMIC_FROM = 10;

    private final Path directory;

    Pictures(Path directory) {
        this.directory = directory;
    }

    /** Draws all; what cannot be drawn is told, since the tables hold the same. */
    void draw(Map<GridPoint, RunResult> measured) {
        for (int percent : new TreeSet<>(
                measured.keySet().stream().map(GridPoint::readPercent).toList())) {
            save(curves(percent, measured), directory.resolve("read-" + percent));
        }
        for (GridPoint point : measured.keySet()) {
            Path folder = directory.resolve(point.folder());
            try {
                List<String> lines = Files.readAllLines(folder.resolve("throughput/" + point.fileName() + ".log"));
                if (!lines.isEmpty()) {
                    save(series(point, lines), folder.resolve("series/" + point.fileName()));
                }
            } catch (IOException e) {
                System.err.println("hermes: no picture of " + point.title() + ": " + e);
            }
        }
    }

    /** The curves of both scenarios at one read rate. */
    static Chart curves(int readPercent, Map<GridPoint, RunResult> measured) {
        List<Chart.Curve> curves = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            List<Map.Entry<GridPoint, RunResult>> points = measured.entrySet().stream()
                    .filter(entry -> entry.getKey().scenario() == scenario
                            && entry.getKey().readPercent() == readPercent
                            && entry.getValue().throughput() > 0)
                    .sorted(Comparator.comparing(entry -> entry.getKey().clients()))
                    .toList();
            boolean replicated = scenario == Scenario.REPLICATED;
            if (!points.isEmpty()) {
                curves.add(new Chart.Curve(
                        scenario.words(),
                        points.stream()
                                .map(entry -> entry.getValue().throughput())
                                .toList(),
                        points.stream()
                                .map(entry -> Math.max(entry.getValue().percentileMillis(90), 1e-3))
                                .toList(),
                        points.stream()
                                .map(entry -> Integer.toString(entry.getKey().clients()))
                                .toList(),
                        replicated ? Chart.ORANGE : Chart.BLUE,
                        true,
                        replicated,
                        false));
            }
        }
        return new Chart(
                WIDTH,
                HEIGHT,
                kind(readPercent) + ": throughput and latency by number of clients",
                axis(
                        "throughput, requests/s (mean)",
                        curves.stream().flatMap(curve -> curve.xs().stream()).toList()),
                axis(
                        "latency, ms (90th percentile)",
                        curves.stream().flatMap(curve -> curve.ys().stream()).toList()),
                List.of(),
                curves);
    }

    /** Requests and p99 of each second of a run, from its raw file. */
    static Chart series(GridPoint point, List<String> lines) {
        List<double[]> seconds = new ArrayList<>();
        double before = Double.NaN;
        double time = 0;
        for (String line : lines) {
            String[] numbers = line.split(" ", -1);
            double end = Long.parseLong(numbers[0]) / NANOS_PER_SECOND;
            double length = Double.isNaN(before) ? 1 : end - before;
            before = end;
            time += length;
            if (length >= SECOND_MIN) {
                seconds.add(new double[] {time, Long.parseLong(numbers[1]) / length, Long.parseLong(numbers[2]) / 1e6});
            }
        }
        List<Double> times = column(seconds, second -> second[0]);
        List<Double> requests = column(seconds, second -> second[1]);
        List<Double> p99s = column(seconds, second -> second[2]);
        boolean marked = seconds.size() < 30;
        return new Chart(
                WIDTH,
                SERIES_HEIGHT,
                kind(point.readPercent()) + ", " + point.scenario().words() + ", " + point.clients() + " clients",
                Axis.linear("time, s", largest(times)),
                Axis.linear("throughput, requests/s", largest(requests)),
                List.of(Axis.linear("latency, ms (99th percentile)", largest(p99s))),
                List.of(
                        new Chart.Curve("throughput", times, requests, List.of(), Chart.BLUE, marked, false, false),
                        new Chart.Curve(
                                "99th percentile of the latency",
                                times,
                                p99s,
                                List.of(),
                                Chart.ORANGE,
                                marked,
                                true,
                                true)));
    }

    private static void save(Chart chart, Path withoutEnding) {
        try {
            Path parent = withoutEnding.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            SvgCanvas svg = new SvgCanvas(chart.width(), chart.height());
            chart.draw(svg);
            svg.save(withoutEnding);
            PngCanvas png = new PngCanvas(chart.width(), chart.height());
            chart.draw(png);
            png.save(withoutEnding);
        } catch (IOException | RuntimeException | LinkageError e) {
            // The desktop classes need a font, which small containers lack; the SVG is there without.
            System.err.println("hermes: no " + withoutEnding + ".png (" + e + ")");
        }
    }

    private static Axis axis(String title, List<Double> values) {
        double smallest = values.stream().mapToDouble(value -> value).min().orElse(1);
        double largest = largest(values);
        return largest / smallest > LOGARITHMIC_FROM
                ? Axis.logarithmic(title + ", logarithmic", smallest, largest)
                : Axis.linear(title, largest);
    }

    private static double largest(List<Double> values) {
        return values.stream().mapToDouble(value -> value).max().orElse(1);
    }

    private static List<Double> column(List<double[]> rows, ToDoubleFunction<double[]> of) {
        return rows.stream().map(row -> of.applyAsDouble(row)).toList();
    }

    private static String kind(int readPercent) {
        return switch (readPercent) {
            case 0 -> "POST";
            case 100 -> "GET";
            default -> readPercent + " % GET, " + (100 - readPercent) + " % POST";
        };
    }
}

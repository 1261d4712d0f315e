package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class PicturesTest {

    private static final int[] CLIENTS = {2, 4, 8, 16, 32, 64};

    @TempDir
    Path temp = Path.of("");

    @Test
    void curvesOfBothScenariosAreInThePicture() throws Exception {
        new Pictures(temp).draw(measured());

        Document svg = xml(temp.resolve("read-0.svg"));
        assertThat(texts(svg.getElementsByTagName("title"))).containsExactly("without replication", "replicated");
        NodeList curves = svg.getElementsByTagName("polyline");
        assertThat(curves.getLength()).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            String points =
                    curves.item(i).getAttributes().getNamedItem("points").getNodeValue();
            assertThat(points.split(" ", -1)).hasSize(CLIENTS.length);
        }
        assertThat(texts(svg.getElementsByTagName("text")))
                .contains(
                        "POST: throughput and latency by number of clients",
                        "without replication",
                        "replicated",
                        "2",
                        "64")
                .anyMatch(text -> text.contains("requests/s"))
                .anyMatch(text -> text.contains("ms"));
    }

    @Test
    void bitmapIsThereToo() throws IOException {
        new Pictures(temp).draw(measured());

        assertThat(ImageIO.read(temp.resolve("read-0.png").toFile()).getWidth()).isEqualTo(2_000);
    }

    @Test
    void secondsOfARunAreDrawn() throws Exception {
        GridPoint point = new GridPoint(Scenario.REPLICATED, 50, 16);
        Path raw = temp.resolve("replicated-50/throughput/16-1.log");
        Files.createDirectories(temp.resolve("replicated-50/throughput"));
        Files.write(
                raw,
                IntStream.rangeClosed(1, 90)
                        .mapToObj(i -> (1_795_000_000_000_000_000L + i * 1_000_000_000L) + " " + (9_000 + 600 * (i % 5))
                                + " " + (5_000_000 + 1_000_000L * (i % 7)))
                        .toList());
        new Pictures(temp).draw(Map.of(point, result(10_000, 3)));

        Document svg = xml(temp.resolve("replicated-50/series/16-1.svg"));
        assertThat(texts(svg.getElementsByTagName("title")))
                .containsExactly("throughput", "99th percentile of the latency");
        assertThat(temp.resolve("replicated-50/series/16-1.png")).exists();
    }

    @Test
    void pointsThatLieClosePlaceTheirLabelsApart() {
        List<String> placed = new ArrayList<>();
        Canvas canvas = new RecordingCanvas(placed);
        Map<GridPoint, RunResult> measured = new LinkedHashMap<>();
        for (int clients : CLIENTS) {
            measured.put(new GridPoint(Scenario.ALONE, 0, clients), result(1_000, 5));
        }

        Pictures.curves(0, measured).draw(canvas);

        assertThat(placed).hasSize(CLIENTS.length).doesNotHaveDuplicates();
    }

    private static Map<GridPoint, RunResult> measured() {
        Map<GridPoint, RunResult> measured = new LinkedHashMap<>();
        double[] alone = {73_000, 95_000, 118_000, 129_000, 133_000, 131_000};
        double[] aloneMillis = {0.025, 0.05, 0.09, 0.15, 0.29, 0.52};
        double[] replicated = {2_700, 4_600, 7_400, 10_100, 13_500, 15_900};
        double[] replicatedMillis = {1.0, 1.3, 1.7, 2.4, 3.8, 6.9};
        for (int i = 0; i < CLIENTS.length; i++) {
            measured.put(new GridPoint(Scenario.ALONE, 0, CLIENTS[i]), result(alone[i], aloneMillis[i]));
            measured.put(new GridPoint(Scenario.REPLICATED, 0, CLIENTS[i]), result(replicated[i], replicatedMillis[i]));
        }
        return measured;
    }

    private static RunResult result(double throughput, double millis) {
        Histogram latencies = new Histogram(3_600_000_000_000L, 3);
        latencies.recordValue((long) (millis * 1e6));
        return new RunResult(
                Loads.aLoadOn(new Target("localhost", 8000)).config(),
                Instant.EPOCH,
                Duration.ofSeconds(1),
                (long) throughput,
                latencies,
                new ErrorCounts(),
                0,
                SlowestSecond.NONE,
                CpuUse.NONE,
                List.of());
    }

    private static Document xml(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static List<String> texts(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    /** Keeps where labels of points are. */
    private record RecordingCanvas(List<String> placed) implements Canvas {

        @Override
        public void line(double x1, double y1, double x2, double y2, int color, double width) {}

        @Override
        public void curve(String name, double[] xs, double[] ys, int color) {}

        @Override
        public void mark(double x, double y, double radius, int color, boolean diamond) {}

        @Override
        public void text(String text, double x, double y, Font font) {
            if (font.bold() && font.color() == Chart.BLUE) {
                placed.add(x + " " + y);
            }
        }

        @Override
        public void save(Path withoutEnding) {}
    }
}

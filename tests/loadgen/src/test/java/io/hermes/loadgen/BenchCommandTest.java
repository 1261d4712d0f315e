package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void runEndsWell() throws IOException {
        try (StubServer server = StubServer.written()) {
            assertThat(bench(server, "--read-rate", "0", "--json", path("a.json"), "--csv", path("a.csv")))
                    .isZero();

            JsonNode json = new ObjectMapper().readTree(temp.resolve("a.json").toFile());
            assertThat(json.at("/run/requests").asLong()).isPositive();
            assertThat(json.at("/machine/cores").asInt()).isPositive();
            assertThat(json.at("/command_line").toString()).contains("--read-rate");
            assertThat(Files.readAllLines(temp.resolve("a.csv"))).hasSize(2);
        }
    }

    @Test
    void baselineRunsInTurn() throws IOException {
        List<String> turns = new ArrayList<>();
        try (StubServer subject = turning(turns, "A");
                StubServer baseline = turning(turns, "B")) {
            int code = bench(
                    subject,
                    "--read-rate",
                    "0",
                    "--baseline",
                    baseline.target().toString(),
                    "--json",
                    path("ab.json"),
                    "--latencies",
                    path("latency.log"));

            assertThat(code).isZero();
            assertThat(turns).containsExactly("A", "B", "A", "B");
            assertThat(new ObjectMapper()
                            .readTree(temp.resolve("ab.json").toFile())
                            .at("/ratios/throughput")
                            .asDouble())
                    .isBetween(0.01, 100.0);
            assertThat(Files.readAllLines(temp.resolve("latency.log"))).hasSize(subject.requests());
            assertThat(Files.readAllLines(temp.resolve("latency-baseline.log"))).hasSize(baseline.requests());
        }
    }

    @Test
    void serverThatOnlyFailsIsAFailure() throws IOException {
        try (StubServer server = new StubServer((number, method, path, body) -> StubServer.status(503))) {
            assertThat(bench(server, "--read-rate", "0")).isEqualTo(1);
        }
    }

    @Test
    void moreErrorsThanAllowedAreAFailure() throws IOException {
        try (StubServer server = new StubServer(
                (number, method, path, body) -> number == 1 ? StubServer.status(500) : StubServer.WRITTEN)) {
            assertThat(bench(server, "--read-rate", "0", "--errors-max", "0")).isEqualTo(1);
        }
    }

    @Test
    void linesAreWrittenWhereThereAreNoneToRead() throws IOException {
        List<String> first = new ArrayList<>();
        try (StubServer server = new StubServer((number, method, path, body) -> {
            if (number <= Lines.POPULATED) {
                first.add(method);
            }
            return StubServer.WRITTEN;
        })) {
            assertThat(bench(server, "--read-rate", "100")).isZero();

            assertThat(first)
                    .startsWith("GET", "POST")
                    .filteredOn("POST"::equals)
                    .hasSize(Lines.POPULATED);
        }
    }

    @Test
    void linesThatTheServerTellsAreRead() throws IOException {
        String digest = "{\"lines\":7}";
        try (StubServer server = new StubServer((number, method, path, body) -> path.equals("/digest")
                ? "HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest
                : StubServer.WRITTEN)) {
            Workload workload = new Workload(1, 100, "/line/{n}", "/insert", List.of(), 0);

            assertThat(new Lines(server.target(), workload, java.time.Duration.ofSeconds(5)).prepare())
                    .isEqualTo(7);
        }
    }

    @Test
    void serverThatIsNotThereIsOneLineThatSaysWhatToDo() throws IOException {
        StubServer server = StubServer.written();
        server.close();

        assertThatThrownBy(() -> server.target().requireListening())
                .hasMessageContaining("start it first")
                .hasMessageContaining("./hermes demo")
                .hasMessageContaining("--port");
        assertThat(bench(server)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 0",
                "--port x",
                "--read-rate 101",
                "--bytes-size -1",
                "--n-processes 0",
                "--duration 0",
                "--duration NaN",
                "--rate -1",
                "--header nonsense",
                "--cpu app",
                "--baseline https://x:1",
                "--rounds 0",
                "--unknown"
            })
    void misuseIsCode2(String args) {
        assertThat(Main.execute(args.split(" ", -1))).isEqualTo(2);
    }

    @Test
    void helpNamesTheOriginalsOptions() {
        assertThat(new CommandLine(new BenchCommand()).getUsageMessage())
                .contains(
                        "--address",
                        "--port",
                        "--bytes-size",
                        "--read-rate",
                        "--n-processes",
                        "--thinking-time",
                        "--duration",
                        "grid");
    }

    private String path(String name) {
        return temp.resolve(name).toString();
    }

    private static int bench(StubServer server, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--port", Integer.toString(server.port()), "--duration", "0.2", "--thinking-time", "0.001", "--quiet"));
        args.addAll(List.of(more));
        return Main.execute(args.toArray(String[]::new));
    }

    private static StubServer turning(List<String> turns, String name) throws IOException {
        return new StubServer((number, method, path, body) -> {
            synchronized (turns) {
                if (turns.isEmpty() || !turns.get(turns.size() - 1).equals(name)) {
                    turns.add(name);
                }
            }
            return StubServer.WRITTEN;
        });
    }
}

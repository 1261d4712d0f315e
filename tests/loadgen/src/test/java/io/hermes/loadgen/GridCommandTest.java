package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

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

class GridCommandTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void resultsOfAllPointsAreThere() throws IOException {
        try (StubServer server = StubServer.written()) {
            String url = server.target().toString();
            int code = grid("--alone", url, "--replicated", url, "--check", "true");

            assertThat(code).isZero();
        }
        assertThat(Files.readAllLines(temp.resolve("out/points.csv")))
                .hasSize(5)
                .element(4)
                .asString()
                .endsWith(";replicated");
        JsonNode json =
                new ObjectMapper().readTree(temp.resolve("out/results.json").toFile());
        assertThat(json.at("/points")).hasSize(4);
        assertThat(json.at("/replicas/replicated").asText()).startsWith("identical");
        for (String file : List.of(
                "read-0.svg",
                "read-0.png",
                "alone-0/latency/1-1.log",
                "alone-0/throughput/1-1.log",
                "replicated-0/latency/2-1.log",
                "replicated-0/series/2-1.svg")) {
            assertThat(temp.resolve("out").resolve(file)).isNotEmptyFile();
        }
    }

    @Test
    void differentReplicasAreAFailure() throws IOException {
        try (StubServer server = StubServer.written()) {
            int code = grid("--replicated", server.target().toString(), "--check", "echo 'replica-1 differs'; exit 1");

            assertThat(code).isEqualTo(1);
            assertThat(temp.resolve("out/results.json")).content().contains("DIFFERENT");
        }
    }

    @Test
    void scenarioThatCannotRunLeavesTheOther() throws IOException {
        StubServer gone = StubServer.written();
        gone.close();
        try (StubServer server = StubServer.written()) {
            int code = grid(
                    "--alone",
                    gone.target().toString(),
                    "--replicated",
                    server.target().toString(),
                    "--check",
                    "true");

            assertThat(code).isEqualTo(1);
            assertThat(Files.readAllLines(temp.resolve("out/points.csv"))).hasSize(3);
            assertThat(temp.resolve("out/results.json")).content().contains("nothing answers at");
        }
    }

    @Test
    void folderThatHoldsResultsIsLeftAlone() throws IOException {
        Files.createDirectories(temp.resolve("out/earlier"));

        assertThat(grid("--alone", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(temp.resolve("out")).isDirectoryNotContaining("glob:**points.csv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--read-rates 101",
                "--clients 0",
                "--pause -1",
                "--first-warm-up -1",
                "--alone http://x/path",
                "--port 65000"
            })
    void misuseIsCode2(String args) {
        List<String> words = new ArrayList<>(List.of("grid"));
        words.addAll(List.of(args.split(" ", -1)));

        assertThat(Main.execute(words.toArray(String[]::new))).isEqualTo(2);
    }

    @Test
    void childEndsWhenItIsClosed() throws IOException {
        Path folder = temp.resolve("child");
        ChildProcess child;
        try (Interruption interruption = new Interruption()) {
            child = ChildProcess.startReady(
                    "a child", folder, List.of("sh", "-c", "echo ready; exec sleep 60"), "ready", 10, interruption);
        }
        long pid = Long.parseLong(Files.readString(child.pidFile()).strip());
        assertThat(ProcessHandle.of(pid)).get().matches(ProcessHandle::isAlive);

        child.close();

        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    private int grid(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "grid",
                "--out",
                temp.resolve("out").toString(),
                "--clients",
                "1,2",
                "--read-rates",
                "0",
                "--duration",
                "0.2",
                "--first-warm-up",
                "0.1",
                "--warm-up",
                "0",
                "--pause",
                "0",
                "--thinking-time",
                "0.002",
                "--quiet"));
        args.addAll(List.of(more));
        return Main.execute(args.toArray(String[]::new));
    }
}

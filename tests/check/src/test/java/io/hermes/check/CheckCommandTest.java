package io.hermes.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hermes.demo.LogServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole command, on real processes: services with one fault each, and the sample service, which has none. */
class CheckCommandTest {

    private static final Path SERVICE = Path.of("src", "test", "resources", "service.py");

    @TempDir
    Path temp = Path.of("");

    private record Ended(int code, List<String> lines, String errors) {

        String last() {
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        }

        String all() {
            return String.join("\n", lines);
        }
    }

    @Test
    void sampleServiceIsDeterministic() {
        Ended ended = check(
                List.of("--example", "POST /insert hello", "--example", "GET /line/1", "--restart-every", "150"),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LogServer.class.getName(),
                "--address",
                "127.0.0.1",
                "--port",
                "{port}",
                "--file",
                "operations.log");

        assertThat(ended.code()).as(ended.all()).isZero();
        assertThat(ended.last()).isEqualTo("deterministic: 3 runs of 200 requests gave equal answers");
        assertThat(ended.all())
                .contains("killed after 150 and replayed from the beginning")
                .contains("evidence and no proof")
                .contains("takes pipelined requests")
                .doesNotContain("working directories")
                .doesNotContain("below 400");
    }

    @ParameterizedTest
    @CsvSource({
        "clock, body, the clock, Hermes-Time",
        "random, body, randomness, Hermes-Seed",
        "order, body, iteration order, sort",
        "port, body, the port of the copy, Host",
        "header, header x-served-at, the clock, Hermes-Time"
    })
    void faultIsFoundNamedAndExplained(String fault, String part, String cause, String advice) {
        Ended ended = check(List.of("--runs", "2", "--count", "40"), python(fault));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last())
                .isEqualTo("not deterministic: request 1 of 40 (GET /) is answered differently by run 1 and run 2, "
                        + part + ", probably because of: " + cause);
        assertThat(ended.all())
                .contains("first difference: request 1, GET /")
                .contains(part + ", run 1:")
                .contains(part + ", run 2:")
                .contains(cause + " 40")
                .containsPattern("what to do: .*" + advice);
    }

    @Test
    void ignoredHeaderIsNotCompared() {
        Ended ended =
                check(List.of("--runs", "2", "--count", "40", "--ignore-header", "X-Served-At"), python("header"));

        assertThat(ended.code()).isZero();
        assertThat(ended.last()).startsWith("deterministic: 2 runs of 40 requests");
    }

    @Test
    void stateThatOutlivesARunIsFound() {
        Ended ended = check(
                List.of("--count", "40"),
                "python3",
                SERVICE.toString(),
                "{port}",
                "carried",
                temp.resolve("counter").toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last()).endsWith("body, probably because of: state that outlives a run");
    }

    @Test
    void appThatDoesNotStartIsToldWithWhatItPrinted() {
        Ended ended = check(List.of(), python("start"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last())
                .startsWith("no verdict: the app did not start: it ended before it accepted a connection");
        assertThat(ended.all()).contains("no database at 10.0.0.1");
    }

    @Test
    void appThatCannotBeFoundIsTold() {
        Ended ended = check(List.of(), "no-such-program", "{port}");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last()).startsWith("no verdict: the app did not start");
        assertThat(ended.all()).contains("no-such-program");
    }

    @Test
    void appThatNeverListensIsTold() {
        Ended ended = check(List.of("--start-timeout", "0.5"), "sh", "-c", "sleep 60; echo {port}");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last())
                .startsWith("no verdict: the app did not start: it does not accept connections")
                .contains("--start-timeout");
    }

    @Test
    void appThatDiesInTheMiddleIsToldWithTheRequest() {
        Ended ended = check(List.of("--count", "40"), python("dies"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last())
                .startsWith("no verdict: the app did not answer request 30 of 40 (GET /")
                .endsWith("it ended without an answer, in each of 2 runs");
        assertThat(ended.all()).contains("out of luck");
    }

    @Test
    void appThatHangsIsToldWithTheRequest() {
        Ended ended = check(List.of("--count", "40", "--timeout", "0.5"), python("hangs"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.last())
                .startsWith("no verdict: the app did not answer request 30 of 40 (GET /")
                .contains("within 500 ms (--timeout)");
    }

    @Test
    void jsonTellsTheSame() throws Exception {
        Ended ended = check(List.of("--runs", "2", "--count", "3", "--json"), python("random"));

        JsonNode report = new ObjectMapper().readTree(ended.all());
        assertThat(ended.code()).isEqualTo(1);
        assertThat(report.path("deterministic").asBoolean(true)).isFalse();
        assertThat(report.path("differences")).hasSize(3);
        assertThat(report.path("differences").get(0).path("cause").asText()).isEqualTo("random");
        assertThat(report.path("verdict").asText()).startsWith("not deterministic: request 1 of 3");
    }

    @Test
    void recordedRequestsAreGivenAsTheyWereRecorded() throws Exception {
        Path file = Files.writeString(
                temp.resolve("requests.jsonl"),
                "{\"position\":7,\"kind\":\"request\",\"method\":\"GET\",\"target\":\"/\",\"logTimeMillis\":4711}\n");

        Ended ended = check(
                List.of(
                        "--runs",
                        "2",
                        "--requests",
                        file.toString(),
                        "--data-dir",
                        temp.resolve("d").toString()),
                "sh",
                "-c",
                "exec python3 " + SERVICE.toAbsolutePath() + " {port} none");

        assertThat(ended.code()).as(ended.all()).isZero();
        assertThat(ended.last()).isEqualTo("deterministic: 2 runs of 1 requests gave equal answers");
        assertThat(temp.resolve("d/run-2/app/output.log")).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "--runs 1 -- a {port}, --runs is 1",
        "--count 0 -- a {port}, --count is 0",
        "--timeout 0 -- a {port}, --timeout is 0.0",
        "--example POST -- a {port}, --example is 'POST'",
        "--requests none.jsonl -- a {port}, cannot read none.jsonl",
        "--requests f --example GET_/ -- a {port}, --requests excludes --example",
        "-- a, COMMAND has no {port}",
        "--runs 2, name the COMMAND",
        "--rnus 2 -- a {port}, Unknown option: '--rnus'"
    })
    void mistakesOnTheCommandLineEndWithCodeTwo(String line, String told) {
        StringWriter err = new StringWriter();

        int code = Main.execute(
                new PrintWriter(new StringWriter(), true), new PrintWriter(err, true), line.split(" ", -1));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(told);
    }

    private static String[] python(String fault) {
        return new String[] {"python3", SERVICE.toString(), "{port}", fault};
    }

    private static Ended check(List<String> options, String... command) {
        List<String> words = new ArrayList<>(options);
        words.add("--");
        words.addAll(List.of(command));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(new String[0]));
        return new Ended(code, out.toString().lines().toList(), err.toString());
    }
}

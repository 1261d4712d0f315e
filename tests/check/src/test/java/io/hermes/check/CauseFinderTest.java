package io.hermes.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CauseFinderTest {

    /** 2026-11-26T20:00:00Z, and 90 s later. */
    private static final long FIRST_MILLIS = 1_795_723_200_000L;

    private static final long SECOND_MILLIS = FIRST_MILLIS + 90_000;

    private final Differ differ = new Differ(CheckConfig.NOISE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"t\": 1795723200.25}                | {\"t\": 1795723290.75}              | CLOCK",
                "t=1795723200250                       | t=1795723290750                     | CLOCK",
                "order-1795723200250-1                 | order-1795723290750-1               | CLOCK",
                "1795723200250123456                   | 1795723290750123456                 | CLOCK",
                "\"2026-11-26T20:00:00.250Z\"          | \"2026-11-26T20:01:30.750Z\"        | CLOCK",
                "2026-11-26 20:00:00                   | 2026-11-26 20:01:30                 | CLOCK",
                "2026-11-26T22:00:00+02:00             | 2026-11-26T22:01:30+02:00           | CLOCK",
                "Thu, 26 Nov 2026 20:00:00 GMT         | Thu, 26 Nov 2026 20:01:30 GMT       | CLOCK",
                "20261126T200000Z                      | 20261126T200130Z                    | CLOCK",
                "up 812.125                            | up 902.250                          | CLOCK",
                "{\"t\": 1695723200.25}                | {\"t\": 1695724290.75}              | RANDOM",
                "f81d4fae-7dec-11d0-a765-00a0c91e6bf6  | 1b4e28ba-2fa1-11d2-883f-0016d3cca427 | RANDOM",
                "{\"token\":\"9f86d081884c7d65\"}      | {\"token\":\"60303ae22b998861\"}    | RANDOM",
                "sid=Zk3xQ9_pLm21                      | sid=a0PqT7-vbN55                    | RANDOM",
                "0.7364827364                          | 0.1182736451                        | RANDOM",
                "a b c                                 | c a b                               | ORDER",
                "{\"x\":1,\"y\":2}                     | {\"y\":2,\"x\":1}                   | ORDER",
                "banana                                | nabana                              | ORDER",
                "http://127.0.0.1:21001/x              | http://127.0.0.1:21002/x            | PORT",
                "worker 4001                           | worker 5002                         | PID",
                "/tmp/c/run-1/app/data.db              | /tmp/c/run-2/app/data.db            | DIRECTORY",
                "served by copy-0                      | served by copy-1                    | REPLICA",
                "<Item at 0x7f3a5c0d1e50>              | <Item at 0x7f991c0aee50>            | ADDRESS",
                "{\"elapsed\": 0.00213}                | {\"elapsed\": 0.00187}              | TIMING",
                "took 3ms                              | took 12ms                           | TIMING",
                "red                                   | blue                                | UNKNOWN",
                "3                                     | 5                                   | UNKNOWN"
            })
    void wordsThatDifferTellWhy(String left, String right, Cause expected) {
        assertThat(explain(left, right).cause()).isEqualTo(expected);
    }

    @Test
    void numbersThatAlwaysGrowAreStateThatWasCarriedOver() {
        List<Run> runs = List.of(run(1, "n 1", "n 2", "n 3"), run(2, "n 4", "n 5", "n 6"));

        assertThat(explain(runs)).extracting(Finding::cause).containsOnly(Cause.CARRIED_OVER);
    }

    @Test
    void numbersThatGrowAndFallAreNot() {
        List<Run> runs = List.of(run(1, "n 1", "n 2", "n 6"), run(2, "n 4", "n 1", "n 3"));

        assertThat(explain(runs)).extracting(Finding::cause).containsOnly(Cause.UNKNOWN);
    }

    @Test
    void firstRunAloneTellsOfStateThatWasCarriedOver() {
        List<Run> runs = List.of(run(1, "created", "x"), run(2, "exists", "x"), run(3, "exists", "x"));

        assertThat(explain(runs)).extracting(Finding::cause).containsOnly(Cause.CARRIED_OVER);
    }

    @Test
    void killedRunAloneTellsOfStateThatOutlivesACrash() {
        List<Run> runs = List.of(run(1, "free", "x"), run(2, "free", "x"), run(3, "locked", "x"));

        assertThat(explain(runs)).extracting(Finding::cause).containsOnly(Cause.RESTART);
    }

    @Test
    void firstKnownCauseOfAnAnswerCounts() {
        Finding finding = explain("{\"c\": \"red\", \"at\": 1795723200}", "{\"c\": \"blue\", \"at\": 1795723290}");

        assertThat(finding.cause()).isEqualTo(Cause.CLOCK);
        assertThat(finding.left()).isEqualTo("1795723200");
        assertThat(finding.right()).isEqualTo("1795723290");
    }

    private Finding explain(String left, String right) {
        return explain(List.of(run(1, left), run(2, right))).get(0);
    }

    private List<Finding> explain(List<Run> runs) {
        List<Difference> differences = new ArrayList<>();
        runs.stream().skip(1).forEach(run -> differences.addAll(differ.between(runs.get(0), run)));
        assertThat(differences).isNotEmpty();
        return new CauseFinder(runs, true, new TimeReader(ZoneOffset.UTC), differ).explain(differences);
    }

    private static Run run(int number, String... bodies) {
        long startMillis = number == 1 ? FIRST_MILLIS : SECOND_MILLIS;
        List<Answered> answers = new ArrayList<>();
        for (String body : bodies) {
            answers.add(new Answered(
                    new Answer(200, List.of(), body.strip().getBytes(StandardCharsets.UTF_8)), startMillis + 500));
        }
        RunFacts facts = new RunFacts(
                number,
                21_000 + number,
                Integer.toString(number - 1),
                Path.of("/tmp/c/run-" + number + "/app"),
                Set.of(number == 1 ? 4_001L : 5_002L),
                startMillis);
        return new Run(
                facts,
                answers,
                number == 3 ? List.of(1) : List.of(),
                List.of(),
                null,
                Map.of(),
                null,
                Duration.ZERO,
                Duration.ZERO);
    }
}

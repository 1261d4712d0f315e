package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at any instant: what a service has and the position that it tells agree. */
class KillTest {

    private static final int ROUNDS = 5;
    /** Long lines keep the service writing for much of the time. */
    private static final String PADDING = "-".repeat(3_000);

    private static final String POSITION = "/.well-known/hermes/position";

    @TempDir
    Path temp = Path.of("");

    @Test
    void linesAndPositionAgreeAfterAKill() throws Exception {
        Path file = temp.resolve("operations.log");
        int applied = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int first = applied + 1;
            int answers = killInAStream(LogServer.class, file, round, first, 8_000, "POST /insert", KillTest::line);

            try (Child child = aware(LogServer.class, file)) {
                applied = Integer.parseInt(child.get(POSITION));
                assertThat(applied).isGreaterThanOrEqualTo(first - 1 + answers);
                assertThat(Files.readAllLines(file)).isEqualTo(lines(applied));
                assertThat(child.get("/digest")).contains("\"lines\":" + applied + ",");
            }
        }
        assertThat(applied).isPositive();
    }

    @Test
    void lineThatAKillMayTearIsThereWithItsPositionOrNotAtAll() throws Exception {
        Path file = temp.resolve("operations.log");
        String huge = "h".repeat(4_000_000);
        int applied = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = round == 0 ? 0 : Files.size(file);
            try (Child child = aware(LogServer.class, file)) {
                child.killWhen(() -> file.toFile().length() > before);
                child.stream(request("POST /insert", applied + 1, huge));
                child.awaitExit();
            }

            try (Child child = aware(LogServer.class, file)) {
                int told = Integer.parseInt(child.get(POSITION));
                assertThat(told).isBetween(applied, applied + 1);
                assertThat(file).hasSize((huge.length() + 1L) * told);
                applied = told;
            }
        }
    }

    @Test
    void counterAndPositionAgreeAfterAKill() throws Exception {
        Path file = temp.resolve("kv.journal");
        int applied = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int first = applied + 1;
            int answers = killInAStream(
                    KvServer.class, file, round, first, 40_000, "POST /counter/c/increment", position -> "x".repeat(9));

            try (Child child = aware(KvServer.class, file)) {
                applied = Integer.parseInt(child.get(POSITION));
                assertThat(applied).isGreaterThanOrEqualTo(first - 1 + answers);
                assertThat(child.get("/counter/c")).isEqualTo(Integer.toString(applied));
            }
        }
        assertThat(applied).isPositive();
    }

    @Test
    void requestIsExecutedAndUnansweredWhenAFailpointHalts() throws Exception {
        Path file = temp.resolve("operations.log");
        try (Child child = aware(LogServer.class, file)) {
            Files.writeString(temp.resolve("app-executed"), "halt");

            assertThat(child.stream(request("POST /insert", 7, "one"))).isZero();
            assertThat(child.awaitExit()).isEqualTo(137);
        }
        try (Child child = aware(LogServer.class, file)) {
            assertThat(child.get(POSITION)).isEqualTo("7");
            assertThat(file).hasContent("one\n");
        }
    }

    @Test
    void requestIsNotExecutedWhenItWasOnlyReceived() throws Exception {
        Path file = temp.resolve("kv.journal");
        try (Child child = aware(KvServer.class, file)) {
            Files.writeString(temp.resolve("app-received"), "halt-every 7");

            assertThat(child.stream(request("POST /counter/c/increment", 7, "")))
                    .isZero();
            assertThat(child.awaitExit()).isEqualTo(137);
        }
        try (Child child = aware(KvServer.class, file)) {
            assertThat(child.get(POSITION)).isEqualTo("0");
            assertThat(child.get("/counter/c")).isEqualTo("0");
        }
    }

    /** How many of the stream's requests were answered. */
    private int killInAStream(
            Class<?> main,
            Path file,
            int round,
            int first,
            int count,
            String request,
            java.util.function.IntFunction<String> body)
            throws IOException, InterruptedException {
        StringBuilder stream = new StringBuilder();
        for (int position = first; position < first + count; position++) {
            stream.append(request(request, position, body.apply(position)));
        }
        try (Child child = aware(main, file)) {
            int answers = child.stream(stream.toString(), 1 + 150 * round, Duration.ofNanos(170_000L * round));
            child.awaitExit();
            return answers;
        }
    }

    private Child aware(Class<?> main, Path file) throws IOException {
        return new Child(main, temp, "--aware", "--file", file.toString());
    }

    private static String request(String request, int position, String body) {
        return request + " HTTP/1.1\nHermes-Position: " + position + "\nContent-Length: " + body.length() + "\n\n"
                + body;
    }

    private static String line(int position) {
        return position + PADDING;
    }

    private static List<String> lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(KillTest::line).toList();
    }
}

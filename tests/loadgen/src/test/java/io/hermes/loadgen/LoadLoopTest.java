package io.hermes.loadgen;

import static io.hermes.loadgen.Loads.aLoadOn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoadLoopTest {

    private static final int STALL_MILLIS = 1_000;

    @Test
    void everyAnswerIsCountedOnce() throws IOException {
        try (StubServer server = StubServer.written()) {
            RunResult result = aLoadOn(server.target()).withClients(4).runUntil(server, 100);

            assertThat(result.errors().total()).isZero();
            assertThat(result.latencies().getTotalCount()).isEqualTo(server.requests());
            // Those under way at the end belong to the latencies only.
            assertThat(result.answers()).isBetween(server.requests() - 4L, (long) server.requests());
            assertThat(server.connections()).isEqualTo(4);
        }
    }

    @Test
    void throughputIsAnswersPerSecond() throws IOException {
        try (StubServer server = StubServer.written()) {
            RunResult result = aLoadOn(server.target())
                    .withClients(3)
                    .withThinkingMillis(50)
                    .runUntil(server, 20);

            assertThat(result.measured()).isGreaterThan(Duration.ofMillis(250));
            assertThat(result.throughput())
                    .isCloseTo(result.answers() * 1e9 / result.measured().toNanos(), within(1e-6));
            assertThat(result.answers()).isPositive();
        }
    }

    @Test
    void stallShowsInTheOpenLoopInAllRequestsThatWereDue() throws IOException {
        try (StubServer server = stallingOnce()) {
            RunResult result = aLoadOn(server.target())
                    .withRate(200)
                    .withDurationMillis(2_000)
                    .run();

            assertThat(result.latencies().getTotalCount()).isBetween(400L, 401L);
            assertThat(result.percentileMillis(99)).isGreaterThan(900);
            // 200 requests were due while the server stood still, and waited half a second on average.
            assertThat(result.percentileMillis(75)).isGreaterThan(300);
            assertThat(result.waited()).isGreaterThan(150);
        }
    }

    @Test
    void sameStallIsOneSlowRequestInTheClosedLoop() throws IOException {
        try (StubServer server = stallingOnce()) {
            RunResult result = aLoadOn(server.target())
                    .withThinkingMillis(5)
                    .withDurationMillis(1_500)
                    .run();

            assertThat(result.maxMillis()).isGreaterThan(900);
            assertThat(result.percentileMillis(90)).isLessThan(300);
        }
    }

    @Test
    void openLoopKeepsItsRate() throws IOException {
        try (StubServer server = StubServer.written()) {
            RunResult result = aLoadOn(server.target())
                    .withClients(8)
                    .withRate(1_000)
                    .withDurationMillis(1_000)
                    .run();

            assertThat(result.latencies().getTotalCount()).isBetween(1_000L, 1_001L);
        }
    }

    @Test
    void warmUpOfTheOpenLoopIsAClosedOneAndOwesNothing() throws IOException {
        try (StubServer server = stallingOnce()) {
            RunResult result = aLoadOn(server.target())
                    .withRate(200)
                    .withWarmUpMillis(STALL_MILLIS + 500)
                    .withDurationMillis(500)
                    .run();

            assertThat(result.latencies().getTotalCount()).isBetween(100L, 101L);
            assertThat(result.waited()).isLessThan(50);
            assertThat(result.maxMillis()).isLessThan(STALL_MILLIS / 2.0);
        }
    }

    @Test
    void slowestSecondIsNamed() throws IOException {
        try (StubServer server = stallingOnce()) {
            RunResult result = aLoadOn(server.target())
                    .withThinkingMillis(5)
                    .withDurationMillis(2_500)
                    .run();

            assertThat(result.slowest().second()).isBetween(1L, 3L);
            assertThat(result.slowest().maxNanos()).isEqualTo(result.latencies().getMaxValue());
            assertThat(result.slowest().hiccupNanos()).isPositive();
        }
    }

    @Test
    void requestsThatFoundNoConnectionInTimeAreTimeouts() throws IOException {
        try (StubServer server = new StubServer((number, method, path, body) -> {
            TimeUnit.SECONDS.sleep(30);
            return null;
        })) {
            RunResult result = aLoadOn(server.target())
                    .withRate(100)
                    .withTimeoutMillis(200)
                    .run();

            assertThat(result.isEmpty()).isTrue();
            assertThat(result.errors().byKind()).containsOnlyKeys("timeout");
            assertThat(result.errors().total()).isBetween(30L, 31L);
        }
    }

    @Test
    void serverThatIsGoneIsRefusedAtAMeasuredPace() throws IOException {
        RunResult result = aLoadOn(new Target("127.0.0.1", closedPort())).run();

        assertThat(result.errors().byKind()).containsOnlyKeys("connect refused");
        assertThat(result.errors().total()).isBetween(1L, 4L);
    }

    @Test
    void brokenConnectionIsOneErrorAndIsOpenedAnew() throws IOException {
        try (StubServer server =
                new StubServer((number, method, path, body) -> number == 3 ? null : StubServer.WRITTEN)) {
            RunResult result = aLoadOn(server.target()).runUntil(server, 10);

            assertThat(result.errors().byKind()).containsExactly(entry("connection broken", 1L));
            assertThat(server.connections()).isEqualTo(2);
            assertThat(result.answers()).isGreaterThan(3);
        }
    }

    @Test
    void answerThatIsNoHttpIsMalformed() throws IOException {
        try (StubServer server = new StubServer((number, method, path, body) -> "220 smtp\r\n")) {
            RunResult result = aLoadOn(server.target()).runUntil(server, 3);

            assertThat(result.errors().byKind()).containsOnlyKeys("malformed response");
        }
    }

    @Test
    void statusesFrom400OnAreErrorsByNumber() throws IOException {
        int[] statuses = {200, 404, 503, 504, 500, 503};
        try (StubServer server = new StubServer((number, method, path, body) ->
                number < statuses.length ? StubServer.status(statuses[number]) : StubServer.WRITTEN)) {
            RunResult result = aLoadOn(server.target()).runUntil(server, 20);

            assertThat(result.errors().byKind())
                    .containsExactly(
                            entry("status 404", 1L),
                            entry("status 500", 1L),
                            entry("status 503", 2L),
                            entry("status 504", 1L));
            assertThat(result.latencies().getTotalCount()).isEqualTo(server.requests() - 5L);
        }
    }

    @Test
    void serverThatClosesAfterEachAnswerIsNoError() throws IOException {
        try (StubServer server = new StubServer((number, method, path, body) -> "HTTP/1.0 200 OK\r\n\r\nwritten")) {
            RunResult result = aLoadOn(server.target()).runUntil(server, 10);

            assertThat(result.errors().total()).isZero();
            assertThat(result.answers()).isGreaterThan(3);
            assertThat(server.connections()).isEqualTo(server.requests());
        }
    }

    @Test
    void readsAskForLinesThatWereWritten() throws IOException {
        Set<String> paths = ConcurrentHashMap.newKeySet();
        try (StubServer server = new StubServer((number, method, path, body) -> {
            paths.add(path);
            return StubServer.WRITTEN;
        })) {
            aLoadOn(server.target()).withReadPercent(100).runUntil(server, 20);

            assertThat(paths).isNotEmpty().allMatch(path -> path.matches("/line/([1-9]|10)"));
        }
    }

    @Test
    void stoppedRunKeepsWhatItHas() throws IOException {
        try (StubServer server = StubServer.written()) {
            RunResult result = aLoadOn(server.target()).runUntil(server, 10);

            assertThat(result.latencies().getTotalCount()).isGreaterThan(5);
            assertThat(result.notes()).contains("stopped before its time");
        }
    }

    private static StubServer stallingOnce() throws IOException {
        return new StubServer((number, method, path, body) -> {
            if (number == 20) {
                TimeUnit.MILLISECONDS.sleep(STALL_MILLIS);
            }
            return StubServer.WRITTEN;
        });
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

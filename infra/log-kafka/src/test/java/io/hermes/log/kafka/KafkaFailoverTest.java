package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.kafka.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaFailoverTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    @Test
    void everyAppendedRecordSurvivesTheDeathOfTheLeader(@TempDir Path directory) throws Exception {
        assertNothingIsLostBy(EmbeddedKafka::kill, directory);
    }

    @Test
    void everyAppendedRecordSurvivesAFrozenLeader(@TempDir Path directory) throws Exception {
        assertNothingIsLostBy(EmbeddedKafka::pause, directory);
    }

    private static void assertNothingIsLostBy(ObjIntConsumer<EmbeddedKafka> harm, Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 3)) {
            KafkaConfig config = KafkaConfig.of(kafka.bootstrap()).withTimeouts(Duration.ofSeconds(8), WAIT);
            try (KafkaLogBackend backend = KafkaLogBackend.open(config, (what, cause) -> {}, System::nanoTime);
                    LogReader reader = backend.log().openReader(Position.START)) {
                Map<String, AppendOutcome> outcomes = new ConcurrentHashMap<>();
                int before = appendUntilAppended(backend, outcomes, 0, 200);
                harm.accept(kafka, kafka.leaderOf(config.logTopic(), 0));
                int after = appendUntilAppended(backend, outcomes, before, 200);
                await().atMost(WAIT).until(() -> outcomes.size() == after);

                NavigableMap<Position, String> appended = appended(outcomes);
                List<LogRecord> delivered = readUntil(reader, appended.lastKey());
                assertThat(delivered)
                        .extracting(LogRecord::position)
                        .doesNotHaveDuplicates()
                        .isSorted();
                assertThat(delivered).extracting(KafkaFailoverTest::text).doesNotHaveDuplicates();
                assertThat(delivered)
                        .filteredOn(record -> appended.containsKey(record.position()))
                        .extracting(KafkaFailoverTest::text)
                        .containsExactlyElementsOf(appended.values());
            }
        }
    }

    /** Appends, some in flight at once, until as many more have ended as appended; returns the next number. */
    private static int appendUntilAppended(
            KafkaLogBackend backend, Map<String, AppendOutcome> outcomes, int first, int count) throws Exception {
        long goal = countAppended(outcomes) + count;
        long deadlineNanos = System.nanoTime() + WAIT.toNanos();
        int next = first;
        while (countAppended(outcomes) < goal) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            List<CompletableFuture<AppendOutcome>> window = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String text = "record " + next++;
                CompletableFuture<AppendOutcome> future = backend.log().append(text.getBytes(StandardCharsets.UTF_8));
                window.add(future.whenComplete((outcome, failure) -> outcomes.put(text, outcome)));
            }
            CompletableFuture.anyOf(window.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        }
        return next;
    }

    private static long countAppended(Map<String, AppendOutcome> outcomes) {
        return outcomes.values().stream()
                .filter(AppendOutcome.Appended.class::isInstance)
                .count();
    }

    private static NavigableMap<Position, String> appended(Map<String, AppendOutcome> outcomes) {
        NavigableMap<Position, String> appended = new TreeMap<>();
        outcomes.forEach((text, outcome) -> {
            if (outcome instanceof AppendOutcome.Appended done) {
                appended.put(done.position(), text);
            }
        });
        return appended;
    }

    private static List<LogRecord> readUntil(LogReader reader, Position last) {
        List<LogRecord> all = new ArrayList<>();
        await().atMost(WAIT).until(() -> {
            all.addAll(reader.read(1_000_000, Duration.ofMillis(200)));
            return !all.isEmpty() && !last.isAfter(all.get(all.size() - 1).position());
        });
        return all;
    }

    private static String text(LogRecord record) {
        return new String(record.bytes(), StandardCharsets.UTF_8);
    }
}

package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

final class KafkaLogTest {

    private static final Duration WAIT = Duration.ofSeconds(20);

    @Test
    void firstAppendOfAFreshBackendIsAppended() throws Exception {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            assertThat(append(backend.log(), 100)).isEqualTo(new AppendOutcome.Appended(new Position(1)));
        }
    }

    @Test
    void restOfAPollIsDeliveredByTheNextReads() throws Exception {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            for (int i = 0; i < 10; i++) {
                append(backend.log(), 100);
            }
            List<Integer> sizes = new ArrayList<>();
            try (LogReader reader = backend.log().openReader(Position.START)) {
                await().atMost(WAIT).until(() -> {
                    int size = reader.read(250, Duration.ofMillis(200)).size();
                    if (size > 0) {
                        sizes.add(size);
                    }
                    return sizes.stream().mapToInt(Integer::intValue).sum() == 10;
                });
            }
            assertThat(sizes).containsOnly(2);
        }
    }

    @Test
    void readerBeyondTheEndIsLost() throws Exception {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            append(backend.log(), 10);
            try (LogReader reader = backend.log().openReader(new Position(1_000))) {
                assertThatThrownBy(() -> readForSome(reader)).isInstanceOf(LogLostException.class);
            }
        }
    }

    @Test
    void readerBelowTheTrimIsTold() throws Exception {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            append(backend.log(), 10);
            append(backend.log(), 10);
            backend.log().trimBefore(new Position(2)).get(20, TimeUnit.SECONDS);
            try (LogReader reader = backend.log().openReader(Position.START)) {
                assertThatThrownBy(() -> readForSome(reader)).isInstanceOf(LogTrimmedException.class);
            }
        }
    }

    @Test
    void trimBeyondTheEndForgetsWhatIsThere() throws Exception {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            append(backend.log(), 10);
            backend.log().trimBefore(new Position(50)).get(20, TimeUnit.SECONDS);
            assertThat(append(backend.log(), 10)).isEqualTo(new AppendOutcome.Appended(new Position(2)));
        }
    }

    @Test
    void topicMadeAnewIsAnotherLog() throws Exception {
        KafkaConfig config = SharedBroker.config();
        AtomicInteger faults = new AtomicInteger();
        try (KafkaLogBackend backend = SharedBroker.open(config, (what, cause) -> faults.incrementAndGet());
                LogReader reader = backend.log().openReader(Position.START);
                Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrap()))) {
            append(backend.log(), 10);
            admin.deleteTopics(List.of(config.logTopic())).all().get(20, TimeUnit.SECONDS);
            await().atMost(WAIT).until(() -> !admin.listTopics()
                    .names()
                    .get(20, TimeUnit.SECONDS)
                    .contains(config.logTopic()));
            SharedBroker.open(config).close();
            assertThatThrownBy(() -> readForSome(reader)).isInstanceOf(LogLostException.class);
            assertThat(faults).hasValue(1);
        }
    }

    @Test
    void appendsBeyondTheMemoryAreRejectedWithoutBlocking() throws Exception {
        KafkaConfig config = SharedBroker.config().withRecordBytesMax(1_000_000);
        try (KafkaLogBackend backend = SharedBroker.open(config)) {
            byte[] record = new byte[1_000_000];
            List<java.util.concurrent.CompletableFuture<AppendOutcome>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                futures.add(backend.log().append(record));
            }
            List<AppendOutcome> outcomes = new ArrayList<>();
            for (var future : futures) {
                outcomes.add(future.get(20, TimeUnit.SECONDS));
            }
            assertThat(outcomes).hasAtLeastOneElementOfType(AppendOutcome.Rejected.class);
            assertThat(outcomes).noneMatch(AppendOutcome.Unknown.class::isInstance);
        }
    }

    private static AppendOutcome append(OrderedLog log, int bytes) throws Exception {
        return log.append(new byte[bytes]).get(20, TimeUnit.SECONDS);
    }

    private static List<LogRecord> readForSome(LogReader reader) {
        List<LogRecord> all = new ArrayList<>();
        await().atMost(WAIT).until(() -> {
            all.addAll(reader.read(1_000_000, Duration.ofMillis(200)));
            return false;
        });
        return all;
    }
}

package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.AppendOutcome;
import io.hermes.log.Inbox;
import io.hermes.log.LogReader;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.kafka.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaRestartTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    @Test
    void everythingOpenGoesOnAfterTheOnlyBrokerCameBack(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 1);
                KafkaLogBackend backend = SharedBroker.open(config(kafka));
                LogReader reader = backend.log().openReader(Position.START)) {
            AtomicInteger replies = new AtomicInteger();
            Inbox inbox = backend.replies().openInbox("a", reply -> replies.incrementAndGet());
            List<Position> appended = new ArrayList<>();
            appendUntilOneIsAppended(backend.log(), appended);
            kafka.kill(0);
            assertThat(reader.read(1_000, Duration.ofMillis(100))).hasSizeLessThanOrEqualTo(1);
            kafka.restart(0);
            appendUntilOneIsAppended(backend.log(), appended);

            List<Position> delivered = new ArrayList<>(List.of(appended.get(0)));
            await().atMost(WAIT).until(() -> {
                reader.read(1_000, Duration.ofMillis(200)).forEach(record -> delivered.add(record.position()));
                return delivered.containsAll(appended);
            });
            await().atMost(WAIT).until(() -> {
                backend.replies().reply(inbox.address(), new byte[1]);
                return replies.get() > 0;
            });
        }
    }

    @Test
    void closeBesideAFrozenBrokerEndsOutstandingAppends(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 1);
                KafkaLogBackend backend = SharedBroker.open(config(kafka).withTimeouts(WAIT, WAIT))) {
            appendUntilOneIsAppended(backend.log(), new ArrayList<>());
            kafka.pause(0);
            CompletableFuture<AppendOutcome> outstanding = backend.log().append(new byte[1]);
            long start = System.nanoTime();
            backend.log().close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(outstanding.get(1, TimeUnit.SECONDS)).isInstanceOf(AppendOutcome.Unknown.class);
            assertThat(backend.log().append(new byte[1]))
                    .isCompletedWithValueMatching(AppendOutcome.Rejected.class::isInstance);
        }
    }

    private static KafkaConfig config(EmbeddedKafka kafka) {
        return KafkaConfig.of(kafka.bootstrap()).withReplication(1, 1).withTimeouts(Duration.ofSeconds(3), WAIT);
    }

    private static void appendUntilOneIsAppended(OrderedLog log, List<Position> appended) {
        int before = appended.size();
        await().atMost(WAIT).until(() -> {
            AppendOutcome outcome = log.append(new byte[1]).get(20, TimeUnit.SECONDS);
            if (outcome instanceof AppendOutcome.Appended done) {
                appended.add(done.position());
            }
            return appended.size() > before;
        });
    }
}

package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.Bulletin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class KafkaBoardTest {

    private static final Duration WAIT = Duration.ofSeconds(20);

    @Test
    void newWatcherIsShownTheLatestValueOfKeysStillUp() {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            Bulletin board = backend.bulletin();
            put(board, "kept", "1");
            put(board, "gone", "1");
            put(board, "kept", "2");
            board.withdraw("gone");
            put(board, "last", "1");
            List<String> seen = watchUntil(board, "last=1");
            assertThat(watchUntil(board, "last=1")).contains("kept=2").doesNotContain("kept=1", "gone=1");
            assertThat(seen).contains("last=1");
        }
    }

    @Test
    void watcherIsToldOfLaterValuesInOrder() {
        try (KafkaLogBackend backend = SharedBroker.open(SharedBroker.config())) {
            List<String> told = new CopyOnWriteArrayList<>();
            Bulletin board = backend.bulletin();
            put(board, "key", "1");
            Bulletin.Watch watch = board.watch(recorder(told));
            await().atMost(WAIT).until(() -> told.contains("key=1"));
            put(board, "key", "2");
            board.withdraw("key");
            await().atMost(WAIT).until(() -> told.contains("key withdrawn"));
            watch.close();
            assertThat(told).containsExactly("key=1", "key=2", "key withdrawn");
        }
    }

    private static List<String> watchUntil(Bulletin board, String last) {
        List<String> told = new CopyOnWriteArrayList<>();
        Bulletin.Watch watch = board.watch(recorder(told));
        await().atMost(WAIT).until(() -> told.contains(last));
        watch.close();
        return told;
    }

    private static void put(Bulletin board, String key, String value) {
        board.publish(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Bulletin.Watcher recorder(List<String> told) {
        return new Bulletin.Watcher() {
            @Override
            public void onValue(String key, byte[] value) {
                told.add(key + "=" + new String(value, StandardCharsets.UTF_8));
            }

            @Override
            public void onWithdrawn(String key) {
                told.add(key + " withdrawn");
            }
        };
    }
}

package io.hermes.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.Bulletin.Watcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BoardTableTest {

    private final List<String> told = new ArrayList<>();
    private final BoardTable table = new BoardTable(
            new Watcher() {
                @Override
                public void onValue(String key, byte[] value) {
                    told.add(key + "=" + new String(value, StandardCharsets.UTF_8));
                }

                @Override
                public void onWithdrawn(String key) {
                    told.add(key + " withdrawn");
                }
            },
            () -> 3);

    private long offset;

    @Test
    void onlyTheLatestOfTheEarlierValuesIsTold() {
        put("a", "1");
        put("a", "2");
        put("b", "1");
        table.onReached(offset);
        assertThat(told).containsExactlyInAnyOrder("a=2", "b=1");
    }

    @Test
    void nothingIsToldBeforeTheEndIsReached() {
        put("a", "1");
        put("a", "2");
        table.onReached(offset);
        assertThat(told).isEmpty();
    }

    @Test
    void keyWithdrawnBeforeTheWatchBeganIsNotTold() {
        put("a", "1");
        put("a", null);
        put("b", "1");
        table.onReached(offset);
        assertThat(told).containsExactly("b=1");
    }

    @Test
    void withdrawalOfAnUnknownKeyIsNotTold() {
        table.onReached(3);
        put("a", null);
        assertThat(told).isEmpty();
    }

    @Test
    void keysBeyondTheBoundAreNotTold() {
        table.onReached(3);
        for (int key = 0; key <= BoardTable.KEYS_MAX; key++) {
            put("key" + key, "1");
        }
        assertThat(told).hasSize(BoardTable.KEYS_MAX);
    }

    private void put(String key, @Nullable String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        table.onRecord(new ConsumerRecord<>("board", 0, offset++, key.getBytes(StandardCharsets.UTF_8), bytes));
    }
}

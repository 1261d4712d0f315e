package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.Bulletin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The clauses of {@link Bulletin}. A backend subclasses this and supplies a {@link LogFixture}. */
public abstract class BulletinContract extends ContractTest {

    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final Map<String, String> seenLater = new ConcurrentHashMap<>();

    /** For subclasses. */
    protected BulletinContract() {}

    @Test
    @Clause("B1")
    void watcherIsToldWhatWasPublishedBefore() {
        Bulletin board = open().bulletin();
        board.publish("a", bytes("old"));
        board.publish("a", bytes("new"));
        board.publish("b", bytes("other"));
        Bulletin other = open().bulletin();

        other.watch(into(seen));

        await(seen, "a", "new");
        await(seen, "b", "other");
    }

    @Test
    @Clause("B2")
    void watcherIsToldWhatIsPublishedLater() {
        Bulletin board = open().bulletin();
        open().bulletin().watch(into(seen));

        board.publish("a", bytes("1"));

        await(seen, "a", "1");
    }

    @Test
    @Clause("B2")
    void laterValueOfOnePublisherIsToldLast() {
        Bulletin board = open().bulletin();
        List<Integer> told = new CopyOnWriteArrayList<>();
        open().bulletin().watch(new Bulletin.Watcher() {
            @Override
            public void onValue(String key, byte[] value) {
                told.add(Integer.parseInt(new String(value, StandardCharsets.UTF_8)));
            }

            @Override
            public void onWithdrawn(String key) {}
        });

        for (int i = 0; i <= 50; i++) {
            board.publish("a", bytes(Integer.toString(i)));
        }

        Awaitility.await("the last value").atMost(patience()).until(() -> told.contains(50));
        assertThat(new ArrayList<>(told)).isSorted();
    }

    @Test
    @Clause("B3")
    void withdrawnKeyIsReported() {
        Bulletin board = open().bulletin();
        board.publish("a", bytes("1"));
        open().bulletin().watch(into(seen));
        await(seen, "a", "1");

        board.withdraw("a");

        Awaitility.await("withdrawal").atMost(patience()).until(() -> !seen.containsKey("a"));
    }

    @Test
    @Clause("B3")
    void withdrawnKeyIsNotShownToNewWatchers() {
        Bulletin board = open().bulletin();
        board.publish("a", bytes("1"));
        board.withdraw("a");
        board.publish("b", bytes("2"));

        open().bulletin().watch(into(seenLater));

        await(seenLater, "b", "2");
        Awaitility.await("no value of the withdrawn key").atMost(patience()).until(() -> !seenLater.containsKey("a"));
    }

    @Test
    @Clause("B4")
    void closedWatchIsToldNothing() {
        Bulletin board = open().bulletin();
        Bulletin.Watch closed = open().bulletin().watch(into(seen));
        open().bulletin().watch(into(seenLater));

        closed.close();
        board.publish("a", bytes("1"));

        await(seenLater, "a", "1");
        assertThat(seen).isEmpty();
    }

    private static Bulletin.Watcher into(Map<String, String> map) {
        return new Bulletin.Watcher() {
            @Override
            public void onValue(String key, byte[] value) {
                map.put(key, new String(value, StandardCharsets.UTF_8));
            }

            @Override
            public void onWithdrawn(String key) {
                map.remove(key);
            }
        };
    }

    private void await(Map<String, String> in, String key, String value) {
        Awaitility.await(key + " is " + value).atMost(patience()).until(() -> value.equals(in.get(key)));
    }
}

package io.hermes.log.tck;

import static io.hermes.log.tck.Reading.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.Bulletin;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The clauses of {@link Bulletin}. A backend subclasses this and supplies a {@link LogFixture}. */
public abstract class BulletinContract extends ContractTest {

    private static final int MANY = 50;

    /** For subclasses. */
    protected BulletinContract() {}

    @Test
    @Clause("B1")
    void watcherIsToldTheLatestOfWhatWasPublishedBefore() {
        Bulletin board = open().bulletin();
        board.publish("a", bytes("old"));
        board.publish("a", bytes("new"));
        board.publish("b", bytes("other"));
        awaitTold(watching(board), "b=other");

        RecordingWatcher late = watching(open().bulletin());

        awaitTold(late, "b=other");
        awaitTold(late, "a=new");
        assertThat(of("a", late.told())).endsWith("a=new");
    }

    @Test
    @Clause("B2")
    void watcherIsToldWhatIsPublishedLater() {
        Bulletin board = open().bulletin();
        RecordingWatcher watcher = watching(open().bulletin());

        board.publish("a", bytes("1"));

        awaitTold(watcher, "a=1");
    }

    @Test
    @Clause("B2")
    void valuesOfOnePublisherAreToldInTheirOrder() {
        Bulletin board = open().bulletin();
        RecordingWatcher watcher = watching(open().bulletin());

        for (int i = 0; i < MANY; i++) {
            board.publish("a", bytes(Integer.toString(i)));
        }

        awaitTold(watcher, "a=" + (MANY - 1));
        assertThat(watcher.told().stream()
                        .map(told -> Integer.parseInt(told, 2, told.length(), 10))
                        .toList())
                .isNotEmpty()
                .isSorted();
    }

    @Test
    @Clause("B2")
    void ofTwoWatchersBothAreTold() {
        Bulletin board = open().bulletin();
        RecordingWatcher first = watching(board);
        RecordingWatcher second = watching(board);

        board.publish("a", bytes("1"));

        awaitTold(first, "a=1");
        awaitTold(second, "a=1");
    }

    @Test
    @Clause("B3")
    void withdrawnKeyIsReported() {
        Bulletin board = open().bulletin();
        RecordingWatcher watcher = watching(open().bulletin());
        board.publish("a", bytes("1"));
        awaitTold(watcher, "a=1");

        board.withdraw("a");

        awaitTold(watcher, "a withdrawn");
        assertThat(of("a", watcher.told())).endsWith("a withdrawn");
    }

    @Test
    @Clause("B3")
    void withdrawnKeyIsNotShownToNewWatchers() {
        Bulletin board = open().bulletin();
        RecordingWatcher witness = watching(board);
        board.publish("a", bytes("1"));
        awaitTold(witness, "a=1");
        board.withdraw("a");
        awaitTold(witness, "a withdrawn");

        RecordingWatcher late = watching(open().bulletin());

        board.publish("b", bytes("2"));
        awaitTold(late, "b=2");
        assertThat(of("a", late.told())).isEmpty();
    }

    @Test
    @Clause("B3")
    void withdrawnKeyMayBePublishedAgain() {
        Bulletin board = open().bulletin();
        RecordingWatcher watcher = watching(open().bulletin());
        board.publish("a", bytes("1"));
        awaitTold(watcher, "a=1");
        board.withdraw("a");
        awaitTold(watcher, "a withdrawn");

        board.publish("a", bytes("2"));

        awaitTold(watcher, "a=2");
    }

    @Test
    @Clause("B4")
    void closedWatchIsToldNothing() {
        Bulletin board = open().bulletin();
        RecordingWatcher closed = new RecordingWatcher();
        Bulletin.Watch watch = board.watch(closed);
        RecordingWatcher witness = watching(board);
        board.publish("a", bytes("1"));
        awaitTold(closed, "a=1");

        watch.close();
        board.publish("a", bytes("2"));

        awaitTold(witness, "a=2");
        assertThat(closed.told()).containsOnly("a=1");
    }

    private static RecordingWatcher watching(Bulletin board) {
        RecordingWatcher watcher = new RecordingWatcher();
        // Closed with the board.
        var unused = board.watch(watcher);
        return watcher;
    }

    private static List<String> of(String key, List<String> told) {
        return told.stream().filter(text -> text.startsWith(key)).toList();
    }

    private void awaitTold(RecordingWatcher watcher, String what) {
        Awaitility.await(what).pollDelay(Duration.ZERO).atMost(patience()).until(() -> watcher.told()
                .contains(what));
    }
}

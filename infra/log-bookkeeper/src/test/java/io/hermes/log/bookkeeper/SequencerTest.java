package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.bookkeeper.BookKeeperConfig.Rolling;
import io.hermes.log.bookkeeper.LedgerList.Ledger;
import io.hermes.log.bookkeeper.LedgerListStore.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One epoch by hand, on real bookies: what happens between its steps is up to the test. */
class SequencerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Rolling AT_ONCE = new Rolling(1, Duration.ofHours(1));

    private final BookKeeperConfig config = SharedCluster.config("sequencer-" + UUID.randomUUID());
    private final AtomicLong clockNanos = new AtomicLong();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private CuratorFramework curator;
    private Ledgers ledgers;
    private Bookies bookies;
    private LedgerListStore store;

    @BeforeEach
    void connect() {
        curator = CuratorFrameworkFactory.newClient(config.zooKeeper(), new RetryOneTime(100));
        curator.start();
        ledgers = Ledgers.connect(config);
        bookies = new Bookies(curator, config.ledgersPath());
        store = new LedgerListStore(curator, config.root() + "/ledgers", UUID::randomUUID);
        store.start();
    }

    @AfterEach
    void disconnect() {
        store.close();
        bookies.close();
        ledgers.close();
        curator.close();
    }

    @Test
    void ledgerIsFollowedByTheNextWhereItEnds() throws Exception {
        Sequencer sequencer = takeOver();
        append(sequencer, 3);

        maintainLater(sequencer);

        append(sequencer, 1);
        assertThat(firsts()).containsExactly(1L, 4L);
        assertThat(delivered(4)).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void ledgerThatFailedIsNotFollowedByAnother() throws Exception {
        Sequencer sequencer = takeOver();
        append(sequencer, 3);
        Ledger fenced = list().last();
        ledgers.recover(fenced.id()).get(10, TimeUnit.SECONDS).close();
        RecordedAppend lost = new RecordedAppend();
        assertThat(sequencer.commit().append(lost)).isTrue();
        Awaitility.await("the failure").atMost(PATIENCE).until(() -> !ended.isEmpty());

        maintainLater(sequencer);

        assertThat(lost.ended()).startsWith("unknown");
        assertThat(list().ledgers()).containsExactly(fenced);
    }

    @Test
    void ledgerThatFailsWhileTheNextIsMadeIsNotFollowedByIt() throws Exception {
        Sequencer sequencer = takeOver();
        append(sequencer, 3);
        Ledger fenced = list().last();
        ledgers.recover(fenced.id()).get(10, TimeUnit.SECONDS).close();

        // Noticed by the entry under way only when the roll waits for it.
        assertThat(sequencer.commit().append(new RecordedAppend())).isTrue();
        maintainLater(sequencer);

        Awaitility.await("the failure").atMost(PATIENCE).until(() -> !ended.isEmpty());
        assertThat(list().ledgers()).containsExactly(fenced);
    }

    @Test
    void epochWhoseAnswerWasLostBeginsEvenIfTheListWasTrimmedMeanwhile() throws Exception {
        append(takeOver(), 3);
        append(takeOver(), 3);
        LedgerListStore deaf = new LedgerListStore(
                LostAnswers.of(curator, this::trimToLast), config.root() + "/ledgers", UUID::randomUUID);

        Sequencer won = takeOver(deaf);

        append(Objects.requireNonNull(won), 1);
        assertThat(firsts()).containsExactly(7L);
    }

    @Test
    void ledgerOfAnEpochThatAnotherHasWonIsDeleted() throws Exception {
        append(takeOver(), 3);
        Version seen = read();
        append(takeOver(), 3);
        List<Ledger> before = list().ledgers();

        Sequencer lost =
                Sequencer.takeOver(store, ledgers, bookies, AT_ONCE, clockNanos::get, seen, "127.0.0.1:2", ended::add);

        assertThat(lost).isNull();
        assertThat(list().ledgers()).isEqualTo(before);
        long ledger = before.get(1).id() + 1;
        Awaitility.await("the ledger is gone").atMost(PATIENCE).until(() -> ledgers.openToRead(ledger)
                .handle((handle, e) -> e != null && BookKeeperFailures.isNoSuchLedger(e))
                .get(10, TimeUnit.SECONDS));
    }

    private void trimToLast() {
        Version seen = read();
        assertThat(store.compareAndSet(
                        seen, seen.list().trimmedBefore(seen.list().last().first())))
                .isTrue();
    }

    private Sequencer takeOver() {
        return Objects.requireNonNull(takeOver(store));
    }

    private @Nullable Sequencer takeOver(LedgerListStore through) {
        Version seen = read();
        return Sequencer.takeOver(through, ledgers, bookies, AT_ONCE, clockNanos::get, seen, "127.0.0.1:1", ended::add);
    }

    /** When the pause between two ledgers has passed. */
    private void maintainLater(Sequencer sequencer) {
        clockNanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        sequencer.maintain();
    }

    private static void append(Sequencer to, int count) {
        for (int i = 0; i < count; i++) {
            RecordedAppend append = new RecordedAppend();
            assertThat(to.commit().append(append)).isTrue();
            Awaitility.await("an append").atMost(PATIENCE).until(() -> append.ended()
                    .startsWith("appended"));
        }
    }

    private Version read() {
        return Objects.requireNonNull(store.read());
    }

    private LedgerList list() {
        return read().list();
    }

    private List<Long> firsts() {
        return list().ledgers().stream().map(Ledger::first).toList();
    }

    private List<Long> delivered(int count) {
        List<Long> positions = new ArrayList<>();
        try (LogReader reader = new BookKeeperLogReader(
                store, ledgers::openToRead, list().identity(), Position.START, System::nanoTime, closed -> {})) {
            Awaitility.await("records").atMost(PATIENCE).until(() -> {
                for (LogRecord record : reader.read(1_000, Duration.ofSeconds(1))) {
                    positions.add(record.position().value());
                }
                return positions.size() >= count;
            });
        }
        return positions;
    }
}

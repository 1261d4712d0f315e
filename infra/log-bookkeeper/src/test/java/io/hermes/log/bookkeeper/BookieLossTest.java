package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.bookkeeper.embedded.EmbeddedBookKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Three bookies hold three copies; two must have a record on disk before it counts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BookieLossTest {

    private EmbeddedBookKeeper cluster;

    @BeforeAll
    void startCluster(@TempDir Path directory) {
        cluster = EmbeddedBookKeeper.start(directory, 3);
    }

    @AfterAll
    void endCluster() {
        cluster.close();
    }

    @Test
    void bookieThatWasAwayAndBookieWithANewDiskGetTheirCopiesBack() throws Exception {
        BookKeeperConfig config = SharedCluster.config(cluster, "copies");
        try (BookKeeperLogBackend backend = SharedCluster.open(config)) {
            Appender appender = new Appender(backend.log());
            appender.append(100);

            // One away: appends go on.
            cluster.bookie(0).kill();
            appender.append(100);
            assertThat(appender.longestPause()).isLessThan(Duration.ofSeconds(3));

            // It comes back and gets what it has missed.
            cluster.bookie(0).start();
            cluster.awaitBookies(3);
            appender.append(100);
            awaitCopies(config);

            // Another one comes back with an empty disk.
            cluster.bookie(1).kill();
            cluster.wipe(1);
            appender.append(100);
            cluster.bookie(1).start();
            cluster.awaitBookies(3);
            appender.append(100);
            awaitCopies(config);

            // Had it not got its copies back, the loss of the third would be too much.
            cluster.bookie(2).kill();
            appender.append(100);
            appender.assertKept(backend.log());
            cluster.bookie(2).start();
            cluster.awaitBookies(3);
        }
    }

    @Test
    void withTooFewBookiesTwoCopiesAreWrittenUntilTheThirdIsBack() throws Exception {
        BookKeeperConfig config = SharedCluster.config(cluster, "degraded");
        cluster.bookie(2).kill();
        Awaitility.await("its session has ended")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Copies.registered(cluster.connect(), config) == 2);
        try (BookKeeperLogBackend backend = SharedCluster.open(config)) {
            Appender appender = new Appender(backend.log());
            appender.append(50);
            assertThat(Copies.ofLatest(cluster.connect(), config)).isEqualTo(2);

            cluster.bookie(2).start();

            Awaitility.await("a ledger with three copies")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> Copies.ofLatest(cluster.connect(), config) == 3);
            appender.append(50);
            appender.assertKept(backend.log());
        }
    }

    @Test
    void ledgerWithTooFewCopiesIsFollowedAlsoIfNobodyHasSeenTheThirdArrive() throws Exception {
        BookKeeperConfig config = SharedCluster.config(cluster, "unseen");
        cluster.bookie(2).kill();
        Awaitility.await("its session has ended")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Copies.registered(cluster.connect(), config) == 2);
        AtomicLong clockNanos = new AtomicLong();
        try (CuratorFramework curator = CuratorFrameworkFactory.newClient(config.zooKeeper(), new RetryOneTime(100));
                Ledgers ledgers = Ledgers.connect(config)) {
            curator.start();
            LedgerListStore store = new LedgerListStore(curator, config.root() + "/ledgers", UUID::randomUUID);
            store.start();
            // Never started: it sees no arrivals.
            Bookies blind = new Bookies(curator, config.ledgersPath());
            Sequencer sequencer = Objects.requireNonNull(Sequencer.takeOver(
                    store,
                    ledgers,
                    blind,
                    config.rolling(),
                    clockNanos::get,
                    Objects.requireNonNull(store.read()),
                    "127.0.0.1:1",
                    why -> {}));
            RecordedAppend append = new RecordedAppend();
            assertThat(sequencer.commit().append(append)).isTrue();
            Awaitility.await("the append").atMost(Duration.ofSeconds(20)).until(() -> append.ended()
                    .startsWith("appended"));
            clockNanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
            sequencer.maintain();
            assertThat(Copies.ofLatest(cluster.connect(), config)).isEqualTo(2);
            assertThat(store.current().ledgers()).as("while only two are there").hasSize(1);

            cluster.bookie(2).start();
            cluster.awaitBookies(3);

            Awaitility.await("a ledger with three copies")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        clockNanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
                        sequencer.maintain();
                        return Copies.ofLatest(cluster.connect(), config) == 3;
                    });
            store.close();
        }
    }

    @Test
    void restartOfZooKeeperStopsNothing() throws Exception {
        BookKeeperConfig config = SharedCluster.config(cluster, "zookeeper");
        try (BookKeeperLogBackend sequencer = SharedCluster.open(config);
                BookKeeperLogBackend other = SharedCluster.open(config)) {
            Appender appender = new Appender(other.log());
            appender.append(50);

            cluster.zooKeeper().kill();
            appender.append(200);
            cluster.zooKeeper().start();
            cluster.awaitBookies(3);
            appender.append(200);

            assertThat(appender.longestPause()).isLessThan(Duration.ofSeconds(3));
            appender.assertKept(sequencer.log());
            appender.assertKept(other.log());
        }
    }

    /** Until every ledger that is closed is whole on every bookie that should hold it. */
    private void awaitCopies(BookKeeperConfig config) {
        Awaitility.await("all copies are there")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Copies.missing(cluster.connect(), config), String::isEmpty);
    }
}

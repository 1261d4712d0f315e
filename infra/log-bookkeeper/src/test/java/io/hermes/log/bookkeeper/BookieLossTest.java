package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.bookkeeper.embedded.EmbeddedBookKeeper;
import java.nio.file.Path;
import java.time.Duration;
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

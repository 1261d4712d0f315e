package io.hermes.log.bookkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.LogReader;
import io.hermes.log.LogRefusedException;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.Position;
import io.hermes.log.bookkeeper.BookKeeperConfig.Rolling;
import io.hermes.log.bookkeeper.BookKeeperConfig.SequencerConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LedgerChainTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name = "chain-" + UUID.randomUUID();

    @Test
    void fullLedgerIsFollowedByTheNext() throws Exception {
        BookKeeperConfig config = SharedCluster.config(name).withRolling(new Rolling(5_000, Duration.ofHours(1)));
        try (BookKeeperLogBackend backend = SharedCluster.open(config);
                LogReader early = backend.log().openReader(Position.START)) {
            Appender appender = new Appender(backend.log());
            Awaitility.await("a third ledger").atMost(PATIENCE).until(() -> {
                appender.append(100);
                return list().ledgers().size() >= 3;
            });

            assertThat(early.read(1_000, Duration.ofSeconds(5))).isNotEmpty();
            appender.assertKept(backend.log());
        }
    }

    @Test
    void oldLedgerIsFollowedByTheNext() throws Exception {
        BookKeeperConfig config =
                SharedCluster.config(name).withRolling(new Rolling(Long.MAX_VALUE, Duration.ofMillis(100)));
        try (BookKeeperLogBackend backend = SharedCluster.open(config)) {
            Appender appender = new Appender(backend.log());
            appender.append(1);

            Awaitility.await("a second ledger")
                    .atMost(PATIENCE)
                    .until(() -> list().ledgers().size() >= 2);

            appender.append(1);
            appender.assertKept(backend.log());
        }
    }

    @Test
    void trimmedLedgersAreDeletedAndReadersAreTold() throws Exception {
        BookKeeperConfig config = SharedCluster.config(name).withRolling(new Rolling(2_000, Duration.ofHours(1)));
        try (BookKeeperLogBackend backend = SharedCluster.open(config);
                LogReader before = backend.log().openReader(Position.START)) {
            Appender appender = new Appender(backend.log());
            Awaitility.await("a second ledger").atMost(PATIENCE).until(() -> {
                appender.append(50);
                return list().ledgers().size() >= 2;
            });
            long second = list().ledgers().get(1).first();
            long dropped = list().ledgers().get(0).id();

            backend.log().trimBefore(new Position(second)).get(30, TimeUnit.SECONDS);

            assertThat(list().ledgers().get(0).first()).isEqualTo(second);
            Ledgers ledgers = Ledgers.connect(config);
            Awaitility.await("the ledger is deleted").atMost(PATIENCE).until(() -> ledgers.openToRead(dropped)
                    .handle((handle, e) -> e != null && BookKeeperFailures.isNoSuchLedger(e))
                    .get(10, TimeUnit.SECONDS));
            ledgers.close();
            assertThatThrownBy(() -> before.read(1_000, Duration.ofSeconds(5)))
                    .isInstanceOf(LogTrimmedException.class)
                    .hasMessageContaining("position 1 ")
                    .hasMessageContaining(Long.toString(second));
            try (LogReader after = backend.log().openReader(new Position(second - 1))) {
                assertThat(after.read(1, PATIENCE).get(0).position()).isEqualTo(new Position(second));
            }
        }
    }

    @Test
    void sequencersWithoutAppendsLeaveNoLedgersBehind() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (BookKeeperLogBackend backend = SharedCluster.open(SharedCluster.config(name))) {
                Awaitility.await("a sequencer").atMost(PATIENCE).until(backend::isSequencer);
            }
        }

        assertThat(list().epoch()).isGreaterThanOrEqualTo(4);
        assertThat(list().ledgers()).hasSize(1);
        assertThat(list().sequencer()).as("who left in order").isEmpty();
    }

    @Test
    void processThatIsNoCandidateWaitsForOne() throws Exception {
        BookKeeperConfig candidate = SharedCluster.config(name);
        BookKeeperConfig follower =
                BookKeeperConfig.of(candidate.zooKeeper(), candidate.root(), SequencerConfig.never());
        try (BookKeeperLogBackend first = SharedCluster.open(follower)) {
            var early = first.log().append("early".getBytes(UTF_8));
            assertThat(first.isSequencer()).isFalse();

            try (BookKeeperLogBackend second = SharedCluster.open(candidate)) {
                assertThat(early.get(20, TimeUnit.SECONDS)).hasToString("Appended[position=1]");
                assertThat(second.isSequencer()).isTrue();
            }
        }
    }

    @Test
    void appendWithoutAnySequencerIsRejectedInTheEnd() throws Exception {
        BookKeeperConfig follower =
                BookKeeperConfig.of(SharedCluster.config(name).zooKeeper(), "/" + name, SequencerConfig.never());
        try (BookKeeperLogBackend backend = SharedCluster.open(follower)) {
            assertThat(backend.log()
                            .append("lonely".getBytes(UTF_8))
                            .get(20, TimeUnit.SECONDS)
                            .toString())
                    .startsWith("Rejected")
                    .contains("no sequencer");
        }
    }

    @Test
    void appendEndsInTimeWhileTheLoopWaitsForASequencer() throws Exception {
        try (ServerSocket silent = silentSequencer();
                BookKeeperLogBackend backend = SharedCluster.open(following(Duration.ofMillis(500)))) {
            awaitCaller(silent);

            assertThat(backend.log()
                            .append("lonely".getBytes(UTF_8))
                            .get(3, TimeUnit.SECONDS)
                            .toString())
                    .startsWith("Rejected");
        }
    }

    @Test
    void closeEndsAppendsWhileTheLoopWaitsForASequencer() throws Exception {
        try (ServerSocket silent = silentSequencer();
                BookKeeperLogBackend backend = SharedCluster.open(following(Duration.ofSeconds(60)))) {
            awaitCaller(silent);
            var outstanding = backend.log().append("lonely".getBytes(UTF_8));

            CompletableFuture<Void> closed = CompletableFuture.runAsync(backend.log()::close);

            assertThat(outstanding.get(3, TimeUnit.SECONDS).toString()).startsWith("Unknown");
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    /** Named by the list; takes connections and says nothing. */
    private ServerSocket silentSequencer() throws Exception {
        ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (CuratorFramework curator = curator()) {
            LedgerList list = new LedgerList("silent", 1, "127.0.0.1:" + silent.getLocalPort(), List.of());
            curator.create().creatingParentsIfNeeded().forPath("/" + name + "/ledgers", list.encode());
        }
        return silent;
    }

    /** Patient with the sequencer for longer than the test is with anything. */
    private BookKeeperConfig following(Duration deliveryTimeout) {
        BookKeeperConfig config = SharedCluster.config(name);
        SequencerConfig patient = new SequencerConfig(false, "127.0.0.1", "127.0.0.1", 0, Duration.ofSeconds(6));
        return new BookKeeperConfig(
                config.zooKeeper(),
                config.root(),
                config.ledgersPath(),
                config.copies(),
                config.acknowledged(),
                config.recordBytesMax(),
                deliveryTimeout,
                config.startTimeout(),
                config.rolling(),
                patient,
                config.clientProperties());
    }

    private static void awaitCaller(ServerSocket silent) throws Exception {
        silent.setSoTimeout(20_000);
        assertThat(silent.accept()).isNotNull();
    }

    @Test
    void closeAnswersWhatIsStillAsked() throws Exception {
        List<CompletableFuture<Position>> asked = new ArrayList<>();
        try (BookKeeperLogBackend backend = SharedCluster.open(SharedCluster.config(name))) {
            new Appender(backend.log()).append(1);
            for (int i = 0; i < 5_000; i++) {
                asked.add(backend.log().tail());
            }
        }

        CompletableFuture<?> all = CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]));
        assertThat(all.handle((done, e) -> "all are done").get(5, TimeUnit.SECONDS))
                .isEqualTo("all are done");
        assertThatThrownBy(asked.get(asked.size() - 1)::get).hasCauseInstanceOf(LogUnavailableException.class);
    }

    @Test
    void logThatIsMadeAnewUnderWayIsTold() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        try (BookKeeperLogBackend backend =
                SharedCluster.open(SharedCluster.config(name), (what, cause) -> told.complete(what))) {
            new Appender(backend.log()).append(1);
            try (CuratorFramework curator = curator()) {
                curator.setData()
                        .forPath(
                                "/" + name + "/ledgers",
                                LedgerList.fresh("another").encode());
            }

            assertThat(told.get(20, TimeUnit.SECONDS)).contains("another");
        }
    }

    @Test
    void takenPortIsRefused() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BookKeeperConfig present = SharedCluster.config(name);
            BookKeeperConfig config = BookKeeperConfig.of(
                    present.zooKeeper(),
                    present.root(),
                    new SequencerConfig(true, "127.0.0.1", "127.0.0.1", taken.getLocalPort(), Duration.ofSeconds(1)));

            assertThatThrownBy(() -> SharedCluster.open(config))
                    .isInstanceOf(LogRefusedException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }

    private LedgerList list() throws Exception {
        try (CuratorFramework curator = curator()) {
            return LedgerList.decode(curator.getData().forPath("/" + name + "/ledgers"));
        }
    }

    private static CuratorFramework curator() {
        CuratorFramework curator =
                CuratorFrameworkFactory.newClient(SharedCluster.cluster().connect(), new RetryOneTime(100));
        curator.start();
        return curator;
    }
}

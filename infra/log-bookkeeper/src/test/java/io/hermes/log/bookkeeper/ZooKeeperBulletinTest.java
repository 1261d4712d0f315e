package io.hermes.log.bookkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hermes.log.Bulletin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ZooKeeperBulletinTest {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final AtomicInteger PATHS = new AtomicInteger();

    private final SharedZooKeeper zooKeeper = SharedZooKeeper.running();
    private final String path = "/board/" + PATHS.incrementAndGet();
    private final List<CuratorFramework> clients = new ArrayList<>();
    private final List<ZooKeeperBulletin> boards = new ArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        boards.forEach(ZooKeeperBulletin::close);
        clients.forEach(CuratorFramework::close);
    }

    @Test
    void watchersAreToldLaterValuesAfterZooKeeperWasKilled() {
        Bulletin publisher = board(client());
        List<String> told = watch(board(client()));
        publisher.publish("a", bytes("1"));
        until(() -> told.contains("a=1"));

        zooKeeper.kill();
        publisher.publish("a", bytes("2"));
        publisher.publish("b", bytes("1"));
        zooKeeper.start();

        until(() -> told.contains("a=2") && told.contains("b=1"));
        publisher.publish("a", bytes("3"));
        until(() -> told.contains("a=3"));
        assertThat(told).doesNotContain("a withdrawn");
    }

    @Test
    void keysReappearByThemselvesAfterTheSessionExpired() throws Exception {
        CuratorFramework client = client();
        Bulletin publisher = board(client);
        CuratorFramework other = client();
        List<String> told = watch(board(other));
        publisher.publish("a", bytes("1"));
        publisher.publish("b", bytes("1"));
        until(() -> told.contains("a=1") && told.contains("b=1"));
        long before = session(client);

        expire(client);

        until(() -> owner(other, "a") != before && owner(other, "a") > 0 && owner(other, "b") > 0);
        List<String> late = watch(board(client()));
        until(() -> late.contains("a=1") && late.contains("b=1"));
        until(() -> !latest(told, "a").equals("a withdrawn"));
    }

    @Test
    void watcherIsToldWhatHappenedWhileItsSessionExpired() throws Exception {
        Bulletin publisher = board(client());
        CuratorFramework client = client();
        List<String> told = watch(board(client));
        publisher.publish("changed", bytes("1"));
        publisher.publish("kept", bytes("1"));
        publisher.publish("gone", bytes("1"));
        until(() -> told.size() == 3);

        expire(client);
        publisher.publish("changed", bytes("2"));
        publisher.withdraw("gone");

        until(() -> told.contains("changed=2") && told.contains("gone withdrawn"));
        publisher.publish("kept", bytes("2"));
        until(() -> told.contains("kept=2"));
        assertThat(told).doesNotContain("kept withdrawn", "changed withdrawn").doesNotHaveDuplicates();
    }

    @Test
    void keyLeftByAnEarlierSessionOutlivesThatSession() throws Exception {
        CuratorFramework earlier = client();
        earlier.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(path + "/a", bytes("1"));
        CuratorFramework later = client();
        List<String> told = watch(board(client()));
        until(() -> told.contains("a=1"));

        board(later).publish("a", bytes("2"));

        until(() -> owner(later, "a") == session(later));
        earlier.close();
        until(() -> told.contains("a=2"));
        assertThat(owner(later, "a")).isEqualTo(session(later));
        assertThat(told).containsExactly("a=1", "a=2");
    }

    @Test
    void keysOfAProcessThatVanishedAreReportedWithdrawn() {
        CuratorFramework client = client();
        Bulletin publisher = board(client);
        List<String> told = watch(board(client()));
        publisher.publish("a", bytes("1"));
        until(() -> told.contains("a=1"));

        client.close();

        await().atMost(Duration.ofMillis(SharedZooKeeper.SESSION_MILLIS)).until(() -> told.contains("a withdrawn"));
    }

    @Test
    void watcherThatThrowsIsToldOn() {
        Bulletin board = board(client());
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> others = watch(board);
        Bulletin.Watch watch = board.watch(new Recorder(told) {
            @Override
            public void onValue(String key, byte[] value) {
                super.onValue(key, value);
                throw new IllegalStateException("thrown by a test");
            }
        });

        board.publish("a", bytes("1"));
        until(() -> told.contains("a=1") && others.contains("a=1"));
        board.publish("a", bytes("2"));
        until(() -> told.contains("a=2") && others.contains("a=2"));
        board.withdraw("a");

        until(() -> told.contains("a withdrawn") && others.contains("a withdrawn"));
        watch.close();
    }

    @Test
    void valuePublishedAgainIsToldAgain() {
        Bulletin board = board(client());
        List<String> told = watch(board);
        board.publish("a", bytes("1"));
        until(() -> told.size() == 1);

        board.publish("a", bytes("1"));

        until(() -> told.size() == 2);
        assertThat(told).containsOnly("a=1");
    }

    @Test
    void anyPrintableKeyComesThroughAsPublished() {
        Bulletin publisher = board(client());
        List<String> told = watch(board(client()));
        List<String> keys = List.of("replica/1", ".", "..", "a b+c%2F", "zookeeper", "é€😀", "/".repeat(200));

        keys.forEach(key -> publisher.publish(key, bytes("1")));

        until(() -> told.size() == keys.size());
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        keys.stream().map(key -> key + "=1").toList());
    }

    @Test
    void nodesThatStandForNoKeyAreNotTold() throws Exception {
        CuratorFramework client = client();
        List<String> told = watch(board(client));
        client.create().creatingParentsIfNeeded().forPath(path + "/%zz", bytes("1"));
        client.create().forPath(path + "/a.b", bytes("1"));
        client.create().forPath(path + "/lower%2fcase", bytes("1"));
        client.create().forPath(path + "/a", bytes("1"));
        client.create().forPath(path + "/a/below", bytes("1"));
        client.create().forPath(path + "/b", bytes("1"));

        until(() -> told.contains("b=1") && told.contains("a=1"));

        List<String> late = watch(board(client()));
        until(() -> late.contains("b=1") && late.contains("a=1"));
        assertThat(told).containsExactlyInAnyOrder("a=1", "b=1");
        assertThat(late).containsExactlyInAnyOrder("a=1", "b=1");
    }

    @Test
    void keysBeyondTheBoundAreRefused() {
        CuratorFramework client = client();
        ZooKeeperBulletin board = new ZooKeeperBulletin(client, (what, cause) -> faults.add(what), path);
        for (int i = 0; i < ZooKeeperBulletin.KEYS_MAX; i++) {
            board.publish("k" + i, bytes("1"));
        }

        assertThatThrownBy(() -> board.publish("one more", bytes("1"))).isInstanceOf(IllegalStateException.class);
        board.publish("k0", bytes("2"));
        board.close();
    }

    @Test
    void keyWithdrawnJustBeforeCloseIsGone() throws Exception {
        CuratorFramework client = client();
        ZooKeeperBulletin board = board(client);
        List<String> told = watch(board(client()));
        board.publish("a", bytes("1"));
        until(() -> told.contains("a=1"));

        board.withdraw("a");
        board.close();

        assertThat(owner(client, "a")).isEqualTo(0);
    }

    @Test
    void whatIsPublishedAfterCloseIsIgnored() throws Exception {
        CuratorFramework client = client();
        ZooKeeperBulletin board = board(client);
        board.close();

        board.publish("a", bytes("1"));

        assertThatThrownBy(() -> board.watch(new Recorder(new ArrayList<>())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(client.checkExists().forPath(path)).isNull();
    }

    @Test
    void closingDoesNotWaitForAZooKeeperThatIsAway() {
        ZooKeeperBulletin board = board(client());
        List<String> told = watch(board);
        board.publish("a", bytes("1"));
        until(() -> told.contains("a=1"));
        zooKeeper.kill();
        try {
            board.publish("a", bytes("2"));
            board.withdraw("b");
            long begunNanos = System.nanoTime();

            board.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(Duration.ofSeconds(10));
        } finally {
            zooKeeper.start();
        }
    }

    @Test
    void watcherMayCloseItsWatchItself() {
        Bulletin board = board(client());
        List<String> told = new CopyOnWriteArrayList<>();
        List<Bulletin.Watch> own = new CopyOnWriteArrayList<>();
        CountDownLatch known = new CountDownLatch(1);
        own.add(board.watch(new Recorder(told) {
            @Override
            public void onValue(String key, byte[] value) {
                super.onValue(key, value);
                awaitQuietly(known);
                own.forEach(Bulletin.Watch::close);
            }
        }));
        known.countDown();
        List<String> others = watch(board);

        board.publish("a", bytes("1"));
        until(() -> others.contains("a=1"));
        board.publish("a", bytes("2"));

        until(() -> others.contains("a=2"));
        assertThat(told).containsExactly("a=1");
    }

    @Test
    void errorThatEndsTheThreadIsTold() {
        CuratorFramework client = client();
        CuratorFramework broken = BrokenClient.of(client, "getData");

        board(broken).publish("a", bytes("1"));

        until(() -> !faults.isEmpty());
        assertThat(faults).singleElement().asString().contains("getData");
    }

    private CuratorFramework client() {
        CuratorFramework client = zooKeeper.client();
        clients.add(client);
        return client;
    }

    private ZooKeeperBulletin board(CuratorFramework client) {
        ZooKeeperBulletin board = new ZooKeeperBulletin(client, (what, cause) -> faults.add(what), path);
        board.start();
        boards.add(board);
        return board;
    }

    /** Closed with the board. */
    private static List<String> watch(Bulletin board) {
        List<String> told = new CopyOnWriteArrayList<>();
        var unused = board.watch(new Recorder(told));
        return told;
    }

    private static String latest(List<String> told, String key) {
        return told.stream()
                .filter(text -> text.startsWith(key))
                .reduce((first, second) -> second)
                .orElse("");
    }

    private static void until(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(20)).atMost(WAIT).until(condition);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long session(CuratorFramework client) throws Exception {
        return client.getZookeeperClient().getZooKeeper().getSessionId();
    }

    /** The session of whoever published a key; 0 if it is not there. */
    private long owner(CuratorFramework client, String key) throws Exception {
        Stat stat = client.checkExists().forPath(path + "/" + key);
        return stat == null ? 0 : stat.getEphemeralOwner();
    }

    /** A second client takes the session over and ends it, which the server tells the first one as expiry. */
    private void expire(CuratorFramework client) throws Exception {
        ZooKeeper mine = client.getZookeeperClient().getZooKeeper();
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper second = new ZooKeeper(
                zooKeeper.connect(),
                SharedZooKeeper.SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                mine.getSessionId(),
                mine.getSessionPasswd());
        assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
        second.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Remembers {@code key=value} and {@code key withdrawn}. */
    private static class Recorder implements Bulletin.Watcher {

        private final List<String> told;

        Recorder(List<String> told) {
            this.told = told;
        }

        @Override
        public void onValue(String key, byte[] value) {
            told.add(key + "=" + new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public void onWithdrawn(String key) {
            told.add(key + " withdrawn");
        }
    }
}

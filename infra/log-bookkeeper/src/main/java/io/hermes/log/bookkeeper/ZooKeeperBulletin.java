package io.hermes.log.bookkeeper;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The board as ephemeral nodes of ZooKeeper, one a key, which vanish with the session of whoever published them. One thread
 * carries out what was asked for, reads what has changed and tells the watchers; it compares what is wanted with what is
 * there, so that a lost event, connection or session costs time only.
 *
 * <p>The names of all nodes have to fit into one answer of ZooKeeper, 1 MiB unless {@code jute.maxbuffer} says more.
 */
final class ZooKeeperBulletin implements Bulletin {

    /** A process publishes no more, and is not told of more. */
    static final int KEYS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperBulletin.class);

    private static final int VALUE_BYTES_MAX = 64 * 1024;
    private static final int BATCH_MAX = 100;
    private static final long RETRY_MILLIS = 1_000;
    private static final long FINISH_MAX_MILLIS = 3_000;
    private static final long END_MAX_MILLIS = 3_000;

    private final CuratorFramework curator;
    private final FaultHandler faults;
    private final String path;
    private final Thread thread;
    private final ConnectionStateListener stateListener = this::onState;
    private final org.apache.zookeeper.Watcher nodeListener = this::onEvent;

    // What other threads hand to ours: callers, Curator's and ZooKeeper's.
    private final WishTable wishes = new WishTable();
    // Synchronized: ZooKeeper's thread adds, ours takes, the oldest first.
    private final Set<String> changed = Collections.synchronizedSet(new LinkedHashSet<>());
    private final BoardWatches watches;
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final AtomicBoolean compare = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    // Owned by our thread.
    private long session;
    private boolean following;
    private boolean subscribed;
    private boolean listed;
    private boolean troubled;
    private boolean interrupted;

    /**
     * Makes a board that waits for {@link #start}.
     *
     * @param curator started and closed by the caller
     * @param faults told if the board's thread cannot go on
     * @param path of the node below which the keys are; made when needed
     */
    ZooKeeperBulletin(CuratorFramework curator, FaultHandler faults, String path) {
        this.curator = curator;
        this.faults = faults;
        this.path = path;
        this.watches = new BoardWatches(path);
        this.thread = new Thread(this::run, "bookkeeper-board-0");
        thread.setDaemon(true);
    }

    /** Starts the thread; does not wait for ZooKeeper. */
    void start() {
        curator.getConnectionStateListenable().addListener(stateListener);
        thread.start();
    }

    /**
     * Remembers the value until it is on the board, and after that to put it up again if the session expires.
     *
     * @throws IllegalStateException if this process has published {@link #KEYS_MAX} other keys
     */
    @Override
    public void publish(String key, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the value of " + key + " has " + value.length + " bytes, more than 64 KiB");
        }
        wish(key, value);
    }

    @Override
    public void withdraw(String key) {
        wish(key, null);
    }

    @Override
    public Watch watch(Watcher watcher) {
        Watch watch = watches.add(watcher);
        if (closed.get()) {
            watch.close();
            throw new IllegalStateException("the board is closed");
        }
        ring();
        return watch;
    }

    /** Carries out what was asked for before, if ZooKeeper is there; the keys stay up as long as Curator's session. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watches.end();
        ring();
        curator.getConnectionStateListenable().removeListener(stateListener);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(FINISH_MAX_MILLIS);
            thread.interrupt();
            thread.join(END_MAX_MILLIS);
            if (thread.isAlive()) {
                LOG.warn("the board's thread did not end in time path={}", path);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void wish(String key, byte @Nullable [] value) {
        BoardKeys.check(key);
        if (!closed.get()) {
            wishes.put(new WishTable.Wish(key, value, true));
            ring();
        }
    }

    /** Wakes our thread; a second ring before it looks adds nothing. */
    private void ring() {
        boolean first = bell.offer(true);
        LOG.trace("bell rung first={}", first);
    }

    private void onState(CuratorFramework client, ConnectionState state) {
        if (state.isConnected()) {
            compare.set(true);
            ring();
        }
    }

    /** On ZooKeeper's own thread, which must get on. */
    private void onEvent(WatchedEvent event) {
        String changedPath = event.getPath();
        if (event.getType() == EventType.None || changedPath == null || changed.size() >= 2 * KEYS_MAX) {
            compare.set(true);
        } else if (changedPath.startsWith(path + "/")) {
            String key = BoardKeys.key(changedPath.substring(path.length() + 1));
            if (key != null) {
                changed.add(key);
            }
        }
        ring();
    }

    private void run() {
        try {
            workUntilClosed();
        } catch (Error e) {
            faults.onFatal("the board's thread ends: " + e, e);
        }
    }

    private void workUntilClosed() {
        boolean more = false;
        while (!closed.get() && !interrupted) {
            try {
                if (!more) {
                    bell.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
                more = work();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        // A process takes its keys down right before it ends.
        more = true;
        while (more && wishes.anyDue() && !interrupted) {
            more = work();
        }
        unsubscribe();
    }

    /** Does a bounded amount of work; true if there is more, and no reason to pause before it. */
    private boolean work() {
        following |= watches.welcome();
        try {
            if (isAway()) {
                onTrouble(null);
                return false;
            }
            compareAfterChange();
            boolean written = write();
            boolean read = !following || closed.get() || read();
            if (written && read) {
                onRecovered();
                return wishes.anyDue() || !changed.isEmpty();
            }
        } catch (Exception e) {
            onFailure(e);
        }
        return false;
    }

    /** A new connection may have missed events, and a new session has no nodes and no watches. */
    private void compareAfterChange() throws Exception {
        long now = curator.getZookeeperClient().getZooKeeper().getSessionId();
        if (now != session) {
            session = now;
            subscribed = false;
            compare.set(true);
        }
        if (compare.getAndSet(false)) {
            wishes.compareAll();
            listed = false;
        }
    }

    private boolean write() {
        boolean well = true;
        for (WishTable.Wish wish : wishes.take(BATCH_MAX)) {
            try {
                if (isAway()) {
                    well = false;
                    wishes.again(wish);
                } else if (carryOut(wish)) {
                    wishes.done(wish);
                } else {
                    wishes.again(wish);
                }
            } catch (Exception e) {
                // One key that cannot be written must not hold up the others.
                well = false;
                wishes.again(wish);
                onFailure(e);
            }
        }
        return well;
    }

    /** False if somebody else changed the node at the same time. */
    private boolean carryOut(WishTable.Wish wish) throws Exception {
        String node = path + "/" + BoardKeys.nodeName(wish.key);
        byte[] value = wish.value;
        try {
            if (value == null) {
                curator.delete().forPath(node);
            } else {
                put(node, value, wish.isNew);
            }
            return true;
        } catch (NoNodeException e) {
            return value == null;
        } catch (NodeExistsException | BadVersionException e) {
            return false;
        }
    }

    private void put(String node, byte[] value, boolean isNew) throws Exception {
        Stat stat = new Stat();
        byte[] present;
        try {
            present = curator.getData().storingStatIn(stat).forPath(node);
        } catch (NoNodeException e) {
            curator.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath(node, value);
            return;
        }
        if (stat.getEphemeralOwner() != session) {
            // Left by an earlier session, it would vanish with that; at once, lest a watcher sees it gone.
            curator.transaction()
                    .forOperations(
                            curator.transactionOp()
                                    .delete()
                                    .withVersion(stat.getVersion())
                                    .forPath(node),
                            curator.transactionOp()
                                    .create()
                                    .withMode(CreateMode.EPHEMERAL)
                                    .forPath(node, value));
        } else if (isNew || !Arrays.equals(present, value)) {
            curator.setData().forPath(node, value);
        }
    }

    private boolean read() throws Exception {
        if (!subscribed) {
            curator.watchers()
                    .add()
                    .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                    .usingWatcher(nodeListener)
                    .forPath(path);
            subscribed = true;
        }
        if (!listed) {
            list();
            listed = true;
        }
        boolean well = true;
        for (String key : firstChanged()) {
            // Before it is read: a change after that brings it back.
            changed.remove(key);
            try {
                read(key);
            } catch (Exception e) {
                well = false;
                changed.add(key);
                onFailure(e);
                if (isAway()) {
                    break;
                }
            }
        }
        return well;
    }

    private List<String> firstChanged() {
        synchronized (changed) {
            return changed.stream().limit(BATCH_MAX).toList();
        }
    }

    private void list() throws Exception {
        // A server that lags behind the one of an earlier session would take values back. Nothing to wait for: a
        // session's
        // requests are answered in their order.
        curator.sync().forPath(path);
        changed.addAll(watches.keys());
        try {
            for (String name : curator.getChildren().forPath(path)) {
                String key = BoardKeys.key(name);
                // The rest could not be told.
                if (key != null && changed.size() <= KEYS_MAX) {
                    changed.add(key);
                }
            }
        } catch (NoNodeException e) {
            LOG.debug("nothing was published yet path={}", path);
        }
    }

    private void read(String key) throws Exception {
        Stat stat = new Stat();
        byte[] value;
        try {
            value = Objects.requireNonNullElse(
                    curator.getData().storingStatIn(stat).forPath(path + "/" + BoardKeys.nodeName(key)), new byte[0]);
        } catch (NoNodeException e) {
            watches.onGone(key);
            return;
        }
        watches.onRead(key, value, stat.getMzxid());
    }

    /** The client outlives the board, and would keep it. */
    private void unsubscribe() {
        if (subscribed && !isAway()) {
            try {
                curator.watchers()
                        .remove(nodeListener)
                        .ofType(WatcherType.Any)
                        .locally()
                        .forPath(path);
            } catch (Exception e) {
                LOG.debug("the board's listener stays until the session ends", e);
            }
        }
    }

    private boolean isAway() {
        return interrupted || !curator.getZookeeperClient().isConnected();
    }

    private void onFailure(Exception failure) {
        if (failure instanceof InterruptedException) {
            // Only close interrupts.
            interrupted = true;
        } else {
            onTrouble(failure);
        }
    }

    private void onTrouble(@Nullable Exception failure) {
        // Whoever never was connected waits for a first connection, which the backend's opening reports on.
        if (!troubled && session != 0 && !closed.get()) {
            troubled = true;
            LOG.warn(
                    "the board is out of reach and tried again every second path={} cause={}",
                    path,
                    failure == null ? "no connection to ZooKeeper" : failure.toString());
        }
    }

    private void onRecovered() {
        if (troubled) {
            troubled = false;
            LOG.info("the board is in reach again path={}", path);
        }
    }
}

package io.hermes.log.bookkeeper;

import io.hermes.log.LogUnavailableException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger list in ZooKeeper: read by all, changed by compare-and-set on its version. Safe for use by several threads. */
final class LedgerListStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerListStore.class);

    private final CuratorFramework curator;
    private final String path;
    private final Supplier<UUID> ids;
    private final CuratorCache cache;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    // Written by the cache's thread, read by readers and the appends' loop.
    private volatile @Nullable Version current;

    /**
     * A list and the version that ZooKeeper gave it.
     *
     * @param list what was read
     * @param version for compare-and-set
     */
    record Version(LedgerList list, int version) {}

    LedgerListStore(CuratorFramework curator, String path, Supplier<UUID> ids) {
        this.curator = curator;
        this.path = path;
        this.ids = ids;
        this.cache = CuratorCache.build(curator, path, CuratorCache.Options.SINGLE_NODE_CACHE);
    }

    /** Makes the list if there is none, and begins to watch it. */
    void start() {
        Version version = read();
        if (version == null) {
            create();
            version = read();
        }
        current = version;
        cache.listenable()
                .addListener(CuratorCacheListener.builder()
                        .forCreatesAndChanges((before, now) -> onChange(now))
                        .build());
        cache.start();
    }

    /** What the watch saw last. */
    LedgerList current() {
        Version version = current;
        if (version == null) {
            throw new IllegalStateException("not started");
        }
        return version.list();
    }

    /** Calls back after each change, on a thread of ZooKeeper's client that must not be blocked. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    /**
     * Asks ZooKeeper.
     *
     * @return null if there is no list
     * @throws LogUnavailableException if ZooKeeper does not answer
     */
    @Nullable
    Version read() {
        try {
            Stat stat = new Stat();
            // A server that lags must not answer for the ensemble.
            curator.sync().forPath(path);
            byte[] bytes = curator.getData().storingStatIn(stat).forPath(path);
            Version version = new Version(LedgerList.decode(bytes), stat.getVersion());
            advance(version);
            return version;
        } catch (KeeperException.NoNodeException e) {
            return null;
        } catch (Exception e) { // Curator throws nothing narrower
            throw unavailable(e);
        }
    }

    /**
     * Replaces the list if nobody else did meanwhile.
     *
     * @param seen what it was worked out from
     * @param next the new list
     * @return whether it is in place; false also if it may or may not be: then {@link #read} tells
     */
    boolean compareAndSet(Version seen, LedgerList next) {
        try {
            Stat stat = curator.setData().withVersion(seen.version()).forPath(path, next.encode());
            advance(new Version(next, stat.getVersion()));
            return true;
        } catch (KeeperException.BadVersionException e) {
            return false;
        } catch (Exception e) { // Curator throws nothing narrower
            LOG.warn("the ledger list may or may not have changed reason={}", e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        cache.close();
    }

    private void create() {
        try {
            curator.create()
                    .creatingParentsIfNeeded()
                    .forPath(path, LedgerList.fresh(ids.get().toString()).encode());
        } catch (KeeperException.NodeExistsException e) {
            LOG.debug("another process made the log");
        } catch (Exception e) { // Curator throws nothing narrower
            throw unavailable(e);
        }
    }

    private void onChange(ChildData now) {
        try {
            advance(new Version(LedgerList.decode(now.getData()), now.getStat().getVersion()));
        } catch (IllegalArgumentException e) {
            LOG.error("passing over a ledger list that cannot be read reason={}", e.getMessage());
        }
    }

    private void advance(Version version) {
        boolean newer;
        synchronized (this) {
            Version before = current;
            newer = before == null
                    || version.version() > before.version()
                    || !version.list().identity().equals(before.list().identity());
            if (newer) {
                current = version;
            }
        }
        if (newer) {
            listeners.forEach(Runnable::run);
        }
    }

    private LogUnavailableException unavailable(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new LogUnavailableException("the ledger list at " + path + " cannot be reached: " + e, e);
    }
}

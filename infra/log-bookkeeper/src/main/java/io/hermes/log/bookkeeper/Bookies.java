package io.hermes.log.bookkeeper;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;

/**
 * Notices that a bookie has registered anew. One that was away for a moment only never leaves the list of bookies, but each of
 * its processes makes a node of its own.
 */
final class Bookies implements AutoCloseable {

    private final CuratorCache cache;
    private final String path;
    // Atomic: counted by the cache's thread, read by the sequencer's.
    private final AtomicInteger arrivals = new AtomicInteger();

    /**
     * Makes a watch that is not started.
     *
     * @param ledgersPath where BookKeeper keeps its own notes
     */
    Bookies(CuratorFramework curator, String ledgersPath) {
        this.path = ledgersPath + "/available";
        this.cache = CuratorCache.build(curator, path);
    }

    void start() {
        cache.listenable()
                .addListener(CuratorCacheListener.builder()
                        .forCreates(this::onRegistered)
                        .forChanges((before, now) -> {
                            if (before.getStat().getCzxid() != now.getStat().getCzxid()) {
                                onRegistered(now);
                            }
                        })
                        .build());
        cache.start();
    }

    /** How many registrations were seen; those that were there at the start count, too. */
    int arrivals() {
        return arrivals.get();
    }

    @Override
    public void close() {
        cache.close();
    }

    private void onRegistered(ChildData node) {
        boolean direct = node.getPath().startsWith(path + "/")
                && node.getPath().indexOf('/', path.length() + 1) < 0
                && !node.getPath().endsWith("/readonly");
        if (direct) {
            arrivals.incrementAndGet();
        }
    }
}

package io.hermes.log.memory;

import io.hermes.log.Bulletin;
import java.util.ArrayList;
import java.util.List;

/** The board of a {@link MemoryCluster}, as one process sees it. */
final class MemoryBulletin implements Bulletin {

    private final MemoryCluster cluster;
    // Guarded by itself: any thread watches, any closes.
    private final List<Watch> watches = new ArrayList<>();

    MemoryBulletin(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void publish(String key, byte[] value) {
        byte[] bytes = value.clone();
        cluster.scheduler().schedule(new Happening(MemoryEvent.Kind.NOTICE, () -> cluster.publish(key, bytes)));
    }

    @Override
    public void withdraw(String key) {
        cluster.scheduler().schedule(new Happening(MemoryEvent.Kind.NOTICE, () -> cluster.withdraw(key)));
    }

    @Override
    public Watch watch(Watcher watcher) {
        cluster.watch(watcher);
        Watch watch = () -> cluster.unwatch(watcher);
        synchronized (watches) {
            watches.add(watch);
        }
        return watch;
    }

    @Override
    public void close() {
        List<Watch> left;
        synchronized (watches) {
            left = List.copyOf(watches);
            watches.clear();
        }
        left.forEach(Watch::close);
    }
}

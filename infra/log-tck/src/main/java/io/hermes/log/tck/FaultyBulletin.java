package io.hermes.log.tck;

import io.hermes.log.Bulletin;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The board of a {@link FaultyLogBackend}. */
final class FaultyBulletin implements Bulletin {

    private final Bulletin sound;
    private final BulletinFault fault;
    private final FaultTable table;

    FaultyBulletin(Bulletin sound, BulletinFault fault, FaultTable table) {
        this.sound = sound;
        this.fault = fault;
        this.table = table;
    }

    @Override
    public void publish(String key, byte[] value) {
        table.published.put(key, value.clone());
        table.withdrawn.remove(key);
        sound.publish(key, value);
    }

    @Override
    public void withdraw(String key) {
        table.withdrawn.add(key);
        sound.withdraw(key);
    }

    @Override
    public Watch watch(Watcher watcher) {
        FaultyWatcher faulty = new FaultyWatcher(watcher);
        Watch watch = sound.watch(faulty);
        faulty.begun = true;
        if (fault == BulletinFault.REVIVES) {
            table.withdrawn.forEach(key -> {
                byte[] value = table.published.get(key);
                if (value != null) {
                    watcher.onValue(key, value.clone());
                }
            });
        }
        return fault == BulletinFault.LINGERS ? () -> {} : watch;
    }

    @Override
    public void close() {
        sound.close();
    }

    private final class FaultyWatcher implements Watcher {
        private final Watcher watcher;
        private final Map<String, byte[]> told = new ConcurrentHashMap<>();
        // Volatile: set by who watches, looked at by who tells.
        private volatile boolean begun;

        FaultyWatcher(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void onValue(String key, byte[] value) {
            if (fault == BulletinFault.FORGETS && !begun) {
                return;
            }
            byte[] before = told.put(key, value.clone());
            watcher.onValue(key, value);
            if (fault == BulletinFault.REVERTS && before != null) {
                watcher.onValue(key, before);
            }
        }

        @Override
        public void onWithdrawn(String key) {
            if (fault != BulletinFault.HIDES) {
                watcher.onWithdrawn(key);
            }
        }
    }
}

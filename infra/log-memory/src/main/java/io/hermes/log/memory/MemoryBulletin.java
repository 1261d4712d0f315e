package io.hermes.log.memory;

import io.hermes.log.Bulletin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The board of a {@link MemoryCluster}, as one process sees it. */
final class MemoryBulletin implements Bulletin {

    private static final int VALUE_BYTES_MAX = 64 * 1024;
    private static final int KEY_CHARS_MAX = 200;

    private final MemoryCluster cluster;
    // Guarded by this: any thread publishes, watches and closes.
    private final List<MemoryMailbox<Consumer<Watcher>>> watches = new ArrayList<>();
    // The newest notice of each key that has happened: an older one that comes late must not undo it (B2).
    private final Map<String, Long> newest = new HashMap<>();
    private long published;
    private boolean closed;

    MemoryBulletin(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void publish(String key, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the value of " + key + " has " + value.length + " bytes, more than " + VALUE_BYTES_MAX);
        }
        put(key, value);
    }

    @Override
    public void withdraw(String key) {
        put(key, null);
    }

    @Override
    public Watch watch(Watcher watcher) {
        MemoryMailbox<Consumer<Watcher>> mailbox;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the board is closed");
            }
            mailbox = cluster.board().watch(watcher);
            watches.add(mailbox);
        }
        mailbox.deliver();
        return () -> end(mailbox);
    }

    @Override
    public void close() {
        List<MemoryMailbox<Consumer<Watcher>>> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(watches);
        }
        left.forEach(this::end);
    }

    private void end(MemoryMailbox<Consumer<Watcher>> mailbox) {
        synchronized (this) {
            watches.remove(mailbox);
        }
        cluster.board().unwatch(mailbox);
        mailbox.close();
    }

    private void put(String key, byte @Nullable [] value) {
        if (key.isEmpty() || key.length() > KEY_CHARS_MAX) {
            throw new IllegalArgumentException("a key has 1 to 200 characters, not " + key.length());
        }
        Notice notice;
        synchronized (this) {
            if (closed) {
                return;
            }
            notice = new Notice(key, value, ++published);
        }
        cluster.scheduler().schedule(notice);
    }

    private final class Notice implements MemoryEvent {
        private final String key;
        private final byte @Nullable [] value;
        private final long number;

        Notice(String key, byte @Nullable [] value, long number) {
            this.key = key;
            this.value = value;
            this.number = number;
        }

        @Override
        public Kind kind() {
            return Kind.NOTICE;
        }

        @Override
        public void happen() {
            List<MemoryMailbox<Consumer<Watcher>>> told;
            // One lock for both, else two threads could swap two notices of one key.
            synchronized (MemoryBulletin.this) {
                if (number < newest.getOrDefault(key, 0L)) {
                    return;
                }
                newest.put(key, number);
                told = cluster.board().put(key, value);
            }
            told.forEach(MemoryMailbox::deliver);
        }

        @Override
        public String toString() {
            return value == null ? "withdrawal of " + key : "notice of " + key;
        }
    }
}

package io.hermes.log.memory;

import io.hermes.log.Bulletin.Watcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The latest value of each key and who watches. Any thread. */
final class MemoryBoard {

    // Both guarded by this.
    private final Map<String, byte[]> values = new TreeMap<>();
    private final List<MemoryMailbox<Consumer<Watcher>>> watchers = new ArrayList<>();

    /** The mailboxes that have something to deliver now, once the caller's locks are free. */
    synchronized List<MemoryMailbox<Consumer<Watcher>>> put(String key, byte @Nullable [] value) {
        byte[] before = value == null ? values.remove(key) : values.put(key, value);
        if (value == null && before == null) {
            return List.of();
        }
        watchers.forEach(watcher -> watcher.put(notice(key, value)));
        return List.copyOf(watchers);
    }

    /** The mailbox has what is on the board, to be delivered once the caller's locks are free. */
    synchronized MemoryMailbox<Consumer<Watcher>> watch(Watcher watcher) {
        MemoryMailbox<Consumer<Watcher>> mailbox = new MemoryMailbox<>(notice -> notice.accept(watcher));
        values.forEach((key, value) -> mailbox.put(notice(key, value)));
        watchers.add(mailbox);
        return mailbox;
    }

    synchronized void unwatch(MemoryMailbox<Consumer<Watcher>> mailbox) {
        watchers.remove(mailbox);
    }

    private static Consumer<Watcher> notice(String key, byte @Nullable [] value) {
        return value == null
                ? watcher -> watcher.onWithdrawn(key)
                // A copy for each: the value belongs to the watcher.
                : watcher -> watcher.onValue(key, value.clone());
    }
}

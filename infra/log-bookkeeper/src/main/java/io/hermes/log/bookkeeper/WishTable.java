package io.hermes.log.bookkeeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The latest wish for each key, and which of them are due. */
final class WishTable {

    /** What is to stand on the board under one key. */
    static final class Wish {
        final String key;
        /** Null: nothing. */
        final byte @Nullable [] value;
        /** Watchers wait for it, even if the same value stands there already. */
        final boolean isNew;

        Wish(String key, byte @Nullable [] value, boolean isNew) {
            this.key = key;
            this.value = value;
            this.isNew = isNew;
        }
    }

    // Guarded by this: callers' threads wish, ours carries out.
    private final Map<String, Wish> wishes = new HashMap<>();
    private final Set<String> due = new LinkedHashSet<>();

    synchronized void put(Wish wish) {
        if (wishes.size() >= ZooKeeperBulletin.KEYS_MAX && !wishes.containsKey(wish.key)) {
            throw new IllegalStateException(
                    "no room for " + wish.key + " beside " + wishes.size() + " other keys of this process");
        }
        wishes.put(wish.key, wish);
        due.add(wish.key);
    }

    synchronized void compareAll() {
        due.addAll(wishes.keySet());
    }

    synchronized boolean anyDue() {
        return !due.isEmpty();
    }

    synchronized List<Wish> take(int max) {
        List<Wish> taken = new ArrayList<>();
        Iterator<String> keys = due.iterator();
        while (keys.hasNext() && taken.size() < max) {
            Wish wish = wishes.get(keys.next());
            keys.remove();
            if (wish != null) {
                taken.add(wish);
            }
        }
        return taken;
    }

    synchronized void again(Wish wish) {
        due.add(wish.key);
    }

    synchronized void done(Wish wish) {
        if (wishes.get(wish.key) != wish) {
            return;
        }
        if (wish.value == null) {
            wishes.remove(wish.key);
        } else {
            wishes.put(wish.key, new Wish(wish.key, wish.value, false));
        }
    }
}

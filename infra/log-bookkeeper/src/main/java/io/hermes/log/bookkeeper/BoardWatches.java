package io.hermes.log.bookkeeper;

import io.hermes.log.Bulletin.Watch;
import io.hermes.log.Bulletin.Watcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who watches the board, and what all who do were told. Any thread begins and ends a watch, the board's alone tells. */
final class BoardWatches {

    private static final Logger LOG = LoggerFactory.getLogger(BoardWatches.class);

    private static final long CALLBACK_MAX_MILLIS = 3_000;

    private final String path;
    private final List<BoardWatch> watches = new CopyOnWriteArrayList<>();

    // Owned by the board's thread: what the watchers know.
    private final Map<String, Note> table = new LinkedHashMap<>();
    private boolean full;

    /** What stands on the board under one key; the transaction tells one publication from the next, whatever the value. */
    private static final class Note {
        private final byte[] value;
        private final long transaction;

        Note(byte[] value, long transaction) {
            this.value = value;
            this.transaction = transaction;
        }
    }

    /**
     * Makes an empty list.
     *
     * @param path of the board, for people
     */
    BoardWatches(String path) {
        this.path = path;
    }

    /** A watch that is told from the next {@link #welcome} on. */
    Watch add(Watcher watcher) {
        BoardWatch watch = new BoardWatch(watcher);
        watches.add(watch);
        return watch;
    }

    /** Tells nobody any more; does not wait for a watcher that is being told. */
    void end() {
        watches.forEach(BoardWatch::end);
    }

    /**
     * New watchers learn what the others know; from then on all know the same.
     *
     * @return whether anybody watches
     */
    boolean welcome() {
        boolean watched = false;
        for (BoardWatch watch : watches) {
            watched = true;
            if (!watch.welcomed) {
                watch.welcomed = true;
                table.forEach((key, note) -> watch.tell(watcher -> watcher.onValue(key, note.value.clone())));
            }
        }
        return watched;
    }

    Set<String> keys() {
        return table.keySet();
    }

    /** This stands under a key now. */
    void onRead(String key, byte[] value, long transaction) {
        Note before = table.get(key);
        if (before == null && table.size() >= ZooKeeperBulletin.KEYS_MAX) {
            onFull();
        } else if (before == null || before.transaction != transaction) {
            table.put(key, new Note(value, transaction));
            tellAll(watcher -> watcher.onValue(key, value.clone()));
        }
    }

    /** Nothing stands under a key now. */
    void onGone(String key) {
        if (table.remove(key) != null) {
            tellAll(watcher -> watcher.onWithdrawn(key));
        }
    }

    private void tellAll(Consumer<Watcher> what) {
        watches.stream().filter(watch -> watch.welcomed).forEach(watch -> watch.tell(what));
    }

    private void onFull() {
        if (!full) {
            full = true;
            LOG.warn(
                    "the board has more than {} keys; further ones are not told path={}",
                    ZooKeeperBulletin.KEYS_MAX,
                    path);
        }
    }

    /** One watcher's place among the watches. */
    private final class BoardWatch implements Watch {

        private final Watcher watcher;
        // Held while the watcher is told: whoever has closed the watch may rely on silence.
        private final ReentrantLock telling = new ReentrantLock();
        // Volatile: any thread ends it.
        private volatile boolean ended;

        // Owned by the board's thread.
        private boolean welcomed;
        private boolean complained;

        BoardWatch(Watcher watcher) {
            this.watcher = watcher;
        }

        /** Bounded, for a watcher may wait for a lock of whoever closes its watch. */
        @Override
        public void close() {
            end();
            try {
                if (telling.tryLock(CALLBACK_MAX_MILLIS, TimeUnit.MILLISECONDS)) {
                    telling.unlock();
                } else {
                    LOG.warn("a watcher of the board blocks path={}", path);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void end() {
            ended = true;
            watches.remove(this);
        }

        void tell(Consumer<Watcher> what) {
            telling.lock();
            try {
                if (!ended) {
                    what.accept(watcher);
                }
            } catch (RuntimeException | Error e) {
                onComplaint(e);
            } finally {
                telling.unlock();
            }
        }

        private void onComplaint(Throwable failure) {
            if (!complained) {
                complained = true;
                LOG.warn("a watcher of the board failed and is told on; said once path={}", path, failure);
            }
        }
    }
}

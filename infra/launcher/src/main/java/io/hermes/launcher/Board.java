package io.hermes.launcher;

import io.hermes.log.Bulletin;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.UndecodableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What all processes tell about themselves, looked at for some seconds: who is heard again during that time is alive, and who is
 * not has only left an old notice.
 */
final class Board implements Bulletin.Watcher {

    private static final long LOOK_MILLIS = 2_500;
    private static final long FIRST_MILLIS_MAX = 5_000;
    private static final long BURST_NANOS = 600_000_000;

    private record Heard(Notice notice, long firstNanos, long lastNanos) {}

    // Guarded by this: the bulletin's thread writes, the command's reads.
    private final Map<String, Heard> heard = new TreeMap<>();

    static Board look(Bulletin bulletin) throws InterruptedException {
        Board board = new Board();
        try (Bulletin.Watch watch = bulletin.watch(board)) {
            board.awaitFirst();
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            return watch == null ? new Board() : board;
        }
    }

    /**
     * Waits until a replica tells something, alive or not: to be used for what nobody can have told earlier.
     *
     * @return the first that does; empty if none did in time
     */
    static Optional<Notice.OfReplica> await(Bulletin bulletin, Predicate<Notice.OfReplica> wanted, long seconds)
            throws InterruptedException {
        Board board = new Board();
        try (Bulletin.Watch watch = bulletin.watch(board)) {
            return watch == null ? Optional.empty() : board.await(wanted, seconds);
        }
    }

    private synchronized Optional<Notice.OfReplica> await(Predicate<Notice.OfReplica> wanted, long seconds)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Optional<Notice.OfReplica> found = replicas().stream().filter(wanted).findFirst();
        for (long left = TimeUnit.SECONDS.toMillis(seconds); found.isEmpty() && left > 0; ) {
            wait(left);
            found = replicas().stream().filter(wanted).findFirst();
            left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        }
        return found;
    }

    /** On a busy machine the backend takes its time to show the first notice; an empty board shows none. */
    private synchronized void awaitFirst() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FIRST_MILLIS_MAX);
        for (long left = FIRST_MILLIS_MAX; heard.isEmpty() && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        }
    }

    @Override
    public synchronized void onValue(String key, byte[] value) {
        long nowNanos = System.nanoTime();
        try {
            Notice notice = NoticeCodec.decode(value);
            Heard before = heard.get(key);
            heard.put(key, new Heard(notice, before == null ? nowNanos : before.firstNanos(), nowNanos));
            notifyAll();
        } catch (UndecodableException e) {
            heard.remove(key);
        }
    }

    @Override
    public synchronized void onWithdrawn(String key) {
        heard.remove(key);
    }

    synchronized List<Notice.OfReplica> replicas() {
        List<Notice.OfReplica> replicas = new ArrayList<>();
        heard.values().forEach(one -> one.notice().match(replicas::add, ingress -> false));
        return replicas;
    }

    synchronized List<Notice.OfIngress> ingresses() {
        List<Notice.OfIngress> ingresses = new ArrayList<>();
        heard.values().forEach(one -> one.notice().match(replica -> false, ingresses::add));
        return ingresses;
    }

    /** The one that knows the latest settings, of those that are alive; empty if none is. */
    synchronized Optional<Notice.OfReplica> latest() {
        // One of an earlier version knows the settings, and does not tell the list.
        return replicas().stream()
                .filter(this::isAlive)
                .max(Comparator.<Notice.OfReplica>comparingLong(
                                replica -> replica.reads().settingsRevision())
                        .thenComparing(
                                replica -> !replica.divergence().replicas().isEmpty()));
    }

    /** Whether a process was heard again after what stood on the board already. */
    synchronized boolean isAlive(Notice notice) {
        Heard one = heard.get(notice.key());
        return one != null && one.lastNanos() - one.firstNanos() > BURST_NANOS;
    }
}

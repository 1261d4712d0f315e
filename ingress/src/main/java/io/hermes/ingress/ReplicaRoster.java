package io.hermes.ingress;

import io.hermes.log.Bulletin;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.Routes;
import io.hermes.proto.UndecodableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which replicas there are and how far they got, as this ingress has heard. Chooses the responder: one replica for a slice of
 * requests, then the next, among those that serve, were heard lately, keep up, take no snapshot, and did not leave a request
 * unanswered. If there is none of these, then among those that serve.
 *
 * <p>Hearsay: a wrong choice costs a repeated question, never a wrong answer.
 */
final class ReplicaRoster implements Bulletin.Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaRoster.class);

    /** A board may show old notices in a burst; only a replica that is heard of again later is alive. */
    private static final long ALIVE_AFTER_NANOS = 500_000_000;
    /** A replica keeps up if it has applied what the fastest had applied this long ago. */
    private static final long KEEP_UP_NANOS = 2_000_000_000;
    /** More would not help: {@code appliedThrough} of more replicas than this are not listed. */
    private static final int REPLICAS_MAX = 1_000;
    /** An ingress whose clock is further off is not ready. */
    private static final long CLOCK_OFF_MAX_MILLIS = 5_000;

    private static final int CLOCK_OFFSETS_KEPT = 4;
    private static final int ADDRESS_LENGTH_MAX = 200;

    /** What is known of one replica. */
    private static final class Row {
        private Notice.OfReplica notice;
        private long firstHeardNanos;
        private long lastHeardNanos;
        private long appliedThrough;
        private boolean suspect;
        /** The last differences between its clock and ours, in milliseconds; a late notice makes one look smaller. */
        private final Deque<Long> clockOffsets = new ArrayDeque<>();

        Row(Notice.OfReplica notice, long nowNanos) {
            this.notice = notice;
            this.appliedThrough = notice.appliedThrough();
            this.firstHeardNanos = nowNanos;
            this.lastHeardNanos = nowNanos;
        }
    }

    private final int sliceRequests;
    private final long staleNanos;
    private final LongSupplier nanoClock;
    private final LongSupplier millisClock;
    private final AtomicLong choices = new AtomicLong();
    private final AtomicLong readChoices = new AtomicLong();

    // Guarded by this: the bulletin's, the inbox's and the ask-again loop's threads all tell the roster something.
    private final Map<String, Row> rows = new TreeMap<>();
    private long referenceNanos;
    private long reference;
    private long nextReference;

    // Written under the lock, read by Jetty's threads without it.
    private volatile List<String> candidates = List.of();
    private volatile long appliedThrough;
    private volatile @Nullable String clockOff;
    private volatile List<Reader> readers = List.of();
    private volatile Routes routes = Routes.NONE;

    /** A replica that takes reads past the log, and where. */
    record Reader(String replica, ReplyAddress address) {}

    ReplicaRoster(IngressConfig config, Clocks clocks) {
        this.sliceRequests = config.sliceRequests();
        this.staleNanos = config.noticeStaleAfter().toNanos();
        this.nanoClock = clocks.nano();
        this.millisClock = clocks.millis();
        this.referenceNanos = nanoClock.getAsLong();
    }

    /** The replica that is to answer the next request; null if none can. */
    @Nullable
    String responder() {
        List<String> now = candidates;
        if (now.isEmpty()) {
            return null;
        }
        long slice = choices.getAndIncrement() / sliceRequests;
        return now.get((int) Math.floorMod(slice, (long) now.size()));
    }

    /** A replica for reads past the log, another one each time, but none of the given; null if there is none. */
    @Nullable
    Reader reader(Set<String> never) {
        List<Reader> now = readers;
        for (int i = 0; i < now.size(); i++) {
            Reader next = now.get((int) Math.floorMod(readChoices.getAndIncrement(), (long) now.size()));
            if (!never.contains(next.replica())) {
                return next;
            }
        }
        return null;
    }

    /** What the log declares of requests, as far as was heard; a replica that is asked for a read judges for itself. */
    Routes routes() {
        return routes;
    }

    boolean hasCandidate() {
        return !candidates.isEmpty();
    }

    /** Some replica has applied everything up to here. */
    long appliedThrough() {
        return appliedThrough;
    }

    /** A replica that has applied a position, if possible another one than the given; null if none is known. */
    synchronized @Nullable String replicaBeyond(long position, String ratherNot, Set<String> never) {
        String found = null;
        for (Map.Entry<String, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            if (row.appliedThrough >= position && isAlive(row) && applies(row) && !never.contains(entry.getKey())) {
                if (!entry.getKey().equals(ratherNot)) {
                    return entry.getKey();
                }
                found = entry.getKey();
            }
        }
        return found;
    }

    /** Whether a set holds every replica that could be asked now or soon. */
    synchronized boolean isComplete(Set<String> replicas) {
        return rows.entrySet().stream()
                .filter(entry -> nanoClock.getAsLong() - entry.getValue().lastHeardNanos <= staleNanos)
                .allMatch(entry -> replicas.contains(entry.getKey())
                        || entry.getValue().notice.state() == ReplicaState.HALTED);
    }

    /**
     * Why this ingress's clock cannot be trusted: log time comes from it, and would run ahead of what the others think, or stay
     * behind; null if it can.
     */
    @Nullable
    String whyClockIsOff() {
        return clockOff;
    }

    private @Nullable String judgeClock() {
        List<Long> offsets = rows.values().stream()
                .filter(this::isAlive)
                .filter(row -> !row.clockOffsets.isEmpty())
                .map(row -> Collections.max(row.clockOffsets))
                .sorted()
                .toList();
        if (offsets.isEmpty()) {
            return null;
        }
        // Of an even number, one half alone does not put our clock in doubt.
        long below = offsets.get((offsets.size() - 1) / 2);
        long above = offsets.get(offsets.size() / 2);
        long median = Math.abs(below) < Math.abs(above) ? below : above;
        if (Math.abs(median) <= CLOCK_OFF_MAX_MILLIS) {
            return null;
        }
        return "this machine's clock is " + Math.abs(median) / 1_000 + " s " + (median < 0 ? "ahead of" : "behind")
                + " the replicas': set it right";
    }

    /** A replica left a request unanswered that others have applied: it is not chosen until it is heard of anew. */
    synchronized void suspect(String replica) {
        Row row = rows.get(replica);
        if (row != null) {
            row.suspect = true;
            choose();
        }
    }

    @Override
    public void onValue(String key, byte[] value) {
        try {
            NoticeCodec.decode(value)
                    .match(
                            replica -> {
                                onNotice(replica);
                                return null;
                            },
                            ingress -> null);
        } catch (UndecodableException e) {
            LOG.debug("passing over a notice key={} reason={}", key, e.getMessage());
        }
    }

    @Override
    public synchronized void onWithdrawn(String key) {
        rows.values().removeIf(row -> row.notice.key().equals(key));
        choose();
    }

    synchronized void onReplies(ReplyBatch batch) {
        Row row = rows.get(batch.replica());
        if (row != null && row.notice.incarnation().equals(batch.incarnation())) {
            row.lastHeardNanos = nanoClock.getAsLong();
            row.appliedThrough = Math.max(row.appliedThrough, batch.appliedThrough());
        }
        appliedThrough = Math.max(appliedThrough, batch.appliedThrough());
    }

    /** Lets silence have its effect. To be called some times a second. */
    synchronized void tick() {
        long nowNanos = nanoClock.getAsLong();
        if (nowNanos - referenceNanos > KEEP_UP_NANOS) {
            referenceNanos = nowNanos;
            reference = nextReference;
            nextReference = appliedThrough;
        }
        choose();
    }

    /** What is known of the replicas, for people. */
    synchronized List<Notice.OfReplica> notices() {
        List<Notice.OfReplica> notices = new ArrayList<>();
        for (Row row : rows.values()) {
            if (nanoClock.getAsLong() - row.lastHeardNanos <= staleNanos) {
                notices.add(row.notice.withAppliedThrough(row.appliedThrough));
            }
        }
        return notices;
    }

    private synchronized void onNotice(Notice.OfReplica notice) {
        long nowNanos = nanoClock.getAsLong();
        Row row = rows.get(notice.replica());
        Incarnation before = row == null ? null : row.notice.incarnation();
        if (row == null || !notice.incarnation().equals(before)) {
            if (rows.size() >= REPLICAS_MAX && row == null) {
                return;
            }
            rows.put(notice.replica(), new Row(notice, nowNanos));
        } else {
            if (notice.appliedThrough() > row.appliedThrough || notice.state() != row.notice.state()) {
                row.suspect = false;
            }
            row.notice = notice;
            row.lastHeardNanos = nowNanos;
            // A new incarnation of the app begins anew, and with it the position.
            row.appliedThrough = notice.state() == ReplicaState.SERVING
                    ? Math.max(row.appliedThrough, notice.appliedThrough())
                    : notice.appliedThrough();
        }
        noteClock(notice);
        appliedThrough = Math.max(appliedThrough, notice.appliedThrough());
        choose();
    }

    private void noteClock(Notice.OfReplica notice) {
        Row row = rows.get(notice.replica());
        if (row != null && notice.clockMillis() > 0) {
            row.clockOffsets.addLast(notice.clockMillis() - millisClock.getAsLong());
            if (row.clockOffsets.size() > CLOCK_OFFSETS_KEPT) {
                row.clockOffsets.removeFirst();
            }
        }
    }

    /** A replica that is halted, or is starting, does not read questions. */
    private static boolean applies(Row row) {
        return row.notice.state() == ReplicaState.SERVING || row.notice.state() == ReplicaState.REPLAYING;
    }

    private boolean isAlive(Row row) {
        return row.lastHeardNanos - row.firstHeardNanos >= ALIVE_AFTER_NANOS
                && nanoClock.getAsLong() - row.lastHeardNanos <= staleNanos;
    }

    private void choose() {
        clockOff = judgeClock();
        List<String> serving = new ArrayList<>();
        List<String> best = new ArrayList<>();
        for (Map.Entry<String, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            if (row.notice.state() == ReplicaState.SERVING && isAlive(row)) {
                serving.add(entry.getKey());
                boolean pauses = row.notice.snapshots().underWay();
                if (!row.suspect && !pauses && row.appliedThrough >= reference) {
                    best.add(entry.getKey());
                }
            }
        }
        List<String> chosen = best.isEmpty() ? serving : best;
        if (!chosen.equals(candidates)) {
            candidates = List.copyOf(chosen);
            LOG.info("responders replicas={}", chosen);
        }
        chooseReaders(chosen);
    }

    private void chooseReaders(List<String> chosen) {
        List<Reader> reading = new ArrayList<>();
        Notice.Reads latest = Notice.Reads.NONE;
        for (String replica : chosen) {
            Row row = rows.get(replica);
            Notice.Reads reads = row == null ? Notice.Reads.NONE : row.notice.reads();
            if (!reads.address().isEmpty() && reads.address().length() <= ADDRESS_LENGTH_MAX) {
                reading.add(new Reader(replica, new ReplyAddress(reads.address())));
            }
            latest = reads.settingsRevision() > latest.settingsRevision() ? reads : latest;
        }
        if (!reading.equals(readers)) {
            readers = List.copyOf(reading);
        }
        if (!latest.routes().equals(routes) && !chosen.isEmpty()) {
            routes = latest.routes();
            LOG.info("routes revision={} routes={}", latest.settingsRevision(), routes);
        }
    }
}

package io.hermes.applier;

import io.hermes.log.Bulletin;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.UndecodableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What the replicas tell on the bulletin, as far as snapshots need it. The bulletin's thread writes, others read. */
final class SnapshotPeers implements Bulletin.Watcher {

    /** Who was heard twice so far apart tells something now, rather than has left an old notice. */
    private static final long BURST_NANOS = 600_000_000;

    private static final long SILENT_NANOS = 5_000_000_000L;

    /**
     * One replica.
     *
     * @param notice its last
     * @param firstNanos when this run of it was heard first
     * @param lastNanos when it was heard last
     */
    record Heard(Notice.OfReplica notice, long firstNanos, long lastNanos) {}

    private final LongSupplier nanoClock;
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    // Written by the bulletin's thread, read by others.
    private volatile int mostKnown;

    SnapshotPeers(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public void onValue(String key, byte[] value) {
        try {
            Optional<Notice.OfReplica> replica =
                    NoticeCodec.decode(value).match(Optional::of, ingress -> Optional.empty());
            replica.ifPresent(notice -> heard.merge(key, new Heard(notice, now(), now()), SnapshotPeers::later));
            mostKnown = Math.max(mostKnown, heard.size());
        } catch (UndecodableException e) {
            // Of a later version, which knows more than this one: nothing is known of it here.
            heard.remove(key);
        }
    }

    @Override
    public void onWithdrawn(String key) {
        heard.remove(key);
    }

    private static Heard later(Heard before, Heard now) {
        boolean same = before.notice().incarnation().equals(now.notice().incarnation());
        return new Heard(now.notice(), same ? before.firstNanos() : now.firstNanos(), now.lastNanos());
    }

    /** Whether a run was heard: then everything that was told before it began was heard, too. */
    boolean hasHeard(Incarnation run) {
        return heard.values().stream()
                .anyMatch(each -> each.notice().incarnation().equals(run));
    }

    /** All replicas that were heard and did not take their leave, alive or not. */
    List<Notice.OfReplica> known() {
        return heard.values().stream().map(Heard::notice).toList();
    }

    /** The most that were known at once: a board may forget those that died. */
    int mostKnown() {
        return mostKnown;
    }

    /** Those that tell something now. */
    List<Notice.OfReplica> live() {
        long now = now();
        return heard.values().stream()
                .filter(each ->
                        now - each.lastNanos() < SILENT_NANOS && each.lastNanos() - each.firstNanos() > BURST_NANOS)
                .map(Heard::notice)
                .toList();
    }

    private long now() {
        return nanoClock.getAsLong();
    }
}

package io.hermes.applier;

import io.hermes.proto.SnapshotTakenRecord;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to take a snapshot, by the records in the log, and when this replica asks itself for the next one. Owned by the
 * loop's thread.
 */
final class SnapshotSchedule {

    /** A snapshot that was asked for so long ago will not come: its replica died, perhaps. */
    private static final long UNDER_WAY_NANOS = 300_000_000_000L;
    /** After a try that came to nothing this replica lets so much time pass before its next one. */
    private static final long AGAIN_NANOS = 60_000_000_000L;

    private final String replica;
    private final SnapshotConfig.Due due;
    private final LongSupplier nanoClock;

    private @Nullable UnderWay underWay;
    private @Nullable Asked asked;
    private long records;
    private long lastNanos;
    private long triedNanos;

    /** One that is under way, and the position of the record that asked the same replica for another one meanwhile, or 0. */
    private record UnderWay(String replica, long sinceNanos, long againPosition) {}

    /**
     * This replica was asked.
     *
     * @param position of the record that asked
     * @param refusal why it cannot be taken; null if it can
     */
    record Asked(long position, @Nullable String refusal) {}

    SnapshotSchedule(String replica, SnapshotConfig.Due due, LongSupplier nanoClock) {
        this.replica = replica;
        this.due = due;
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
        this.triedNanos = lastNanos - AGAIN_NANOS;
    }

    /** A record asks for a snapshot. */
    void onAsked(long position, String whose) {
        String busy = busy();
        if (whose.equals(replica)) {
            asked = new Asked(
                    position, busy == null || busy.equals(replica) ? null : "the one of " + busy + " is under way");
        }
        UnderWay current = underWay;
        if (busy == null) {
            underWay = new UnderWay(whose, nanoClock.getAsLong(), 0);
        } else if (current != null && busy.equals(whose)) {
            underWay = new UnderWay(whose, current.sinceNanos(), position);
        }
    }

    /** A record says what became of one. */
    void onTaken(SnapshotTakenRecord record) {
        UnderWay current = underWay;
        if (current != null && current.replica().equals(record.replica())) {
            // What was asked for meanwhile follows, as for this replica below.
            boolean another = record.failure().isEmpty() && record.position() < current.againPosition();
            underWay = another ? new UnderWay(current.replica(), nanoClock.getAsLong(), 0) : null;
        }
        Asked mine = asked;
        // One that was under way when this was asked for holds less than was asked for.
        boolean answers = !record.failure().isEmpty() || (mine != null && record.position() >= mine.position());
        if (record.replica().equals(replica) && answers) {
            asked = null;
        }
    }

    void onApplied(int count) {
        records += count;
    }

    /** Whether this replica was asked for one that it may take. */
    boolean isAsked() {
        Asked current = asked;
        return current != null && current.refusal() == null;
    }

    /**
     * What this replica was asked for and has not answered, once.
     *
     * @param after what was asked for up to this position was for an earlier run: it is too late for that one
     */
    @Nullable
    Asked takeAsked(long after) {
        Asked current = asked;
        asked = null;
        return current != null && current.position() <= after
                ? new Asked(current.position(), "this replica began anew before it was taken")
                : current;
    }

    /** A snapshot of this replica is on disk. */
    void onDone() {
        records = 0;
        lastNanos = nanoClock.getAsLong();
        triedNanos = lastNanos - AGAIN_NANOS;
    }

    /** Another replica was faster: this one may ask itself again as soon as that one is done. */
    void onRefused() {
        triedNanos = nanoClock.getAsLong() - AGAIN_NANOS;
    }

    /** Whether this replica should ask itself now; if so, not again for a while. */
    boolean isDue() {
        long now = nanoClock.getAsLong();
        boolean byRecords = due.records() > 0 && records >= due.records();
        boolean byTime = !due.time().isZero()
                && records > 0
                && now - lastNanos >= due.time().toNanos();
        if (!(byRecords || byTime) || now - triedNanos < AGAIN_NANOS || busy() != null) {
            return false;
        }
        triedNanos = now;
        return true;
    }

    private @Nullable String busy() {
        UnderWay current = underWay;
        return current == null || nanoClock.getAsLong() - current.sinceNanos() > UNDER_WAY_NANOS
                ? null
                : current.replica();
    }
}

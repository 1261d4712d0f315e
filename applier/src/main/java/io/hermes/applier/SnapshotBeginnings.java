package io.hermes.applier;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** An incarnation begins with the newest snapshot at hand that fits, else with a peer's, else with none. Owned by the loop's thread. */
final class SnapshotBeginnings implements Beginnings {

    /** How long to wait for a peer with a snapshot, if nothing else will do. */
    private static final long PEER_NANOS = 60_000_000_000L;

    /** The log holds its beginning: so no snapshot is needed. */
    private static final long NOTHING_GONE = -1;

    private final SnapshotChoice choice;
    private final PeerSnapshots peers;
    private final SnapshotRestore restore;
    private final Path folder;
    private final LongSupplier nanoClock;

    private @Nullable Chosen chosen;
    private long goneThrough = NOTHING_GONE;
    private boolean looked;
    private boolean waiting;
    private long waitingSinceNanos;

    /**
     * Nothing is decided yet.
     *
     * @param choice among those at hand
     * @param peers have others
     * @param restore brings one back
     * @param folder of those at hand, for people
     * @param nanoClock for patience
     */
    SnapshotBeginnings(
            SnapshotChoice choice, PeerSnapshots peers, SnapshotRestore restore, Path folder, LongSupplier nanoClock) {
        this.choice = choice;
        this.peers = peers;
        this.restore = restore;
        this.folder = folder;
        this.nanoClock = nanoClock;
    }

    @Override
    public boolean decide(Need need) {
        if (peers.isFetching()) {
            if (!peers.step()) {
                return false;
            }
            looked = false;
        }
        if (!looked) {
            chosen = choice.newestAfter(need, goneThrough);
            looked = true;
        }
        if (chosen != null) {
            return decided();
        }
        long now = idleNanos();
        if (!waiting) {
            waiting = true;
            waitingSinceNanos = now;
        }
        long waitedNanos = now - waitingSinceNanos;
        if (peers.isComing(goneThrough, waitedNanos)) {
            return false;
        }
        if (goneThrough == NOTHING_GONE) {
            return decided();
        }
        if (peers.isOpen() && waitedNanos < PEER_NANOS) {
            return false;
        }
        throw new IllegalStateException(explain());
    }

    /** Patience is for what does not come at all: while something is fetched no time passes. */
    private long idleNanos() {
        return nanoClock.getAsLong() - peers.spentNanos();
    }

    private boolean decided() {
        looked = false;
        waiting = false;
        return true;
    }

    private String explain() {
        String passedOver = choice.passedOver();
        return "the log no longer holds what follows position " + goneThrough
                + ", and there is no snapshot to begin with"
                + (passedOver.isEmpty() ? "" : " (passed over: " + passedOver + ")")
                + ": start a replica that has one (./hermes status shows who has), or copy a folder of its snapshots into "
                + folder.toAbsolutePath() + ", then start this one again";
    }

    @Override
    public void chooseNothing() {
        chosen = null;
    }

    @Override
    public boolean mayFillEmptyApp() {
        return restore.isAppEmpty();
    }

    @Override
    public String progress() {
        return peers.isFetching() ? peers.progress() : "looking for a snapshot to begin with";
    }

    @Override
    public @Nullable Chosen chosen() {
        return chosen;
    }

    @Override
    public void begin(AppHost host) throws AppGoneException {
        AppHost.Filling filling = restore.filling(chosen);
        if (filling != null) {
            host.begin(filling);
        } else {
            host.begin();
        }
    }

    @Override
    public void restoreWhenListening() throws AppGoneException {
        restore.whenListening(chosen);
    }

    @Override
    public void reject(long position, String why) {
        choice.reject(position, why);
    }

    @Override
    public @Nullable String whyNoOther(boolean keepsState) {
        return keepsState && !mayFillEmptyApp()
                ? "there is nothing else to start from unless app.directory is emptied"
                : null;
    }

    @Override
    public void onTrimmed(long position) {
        goneThrough = Math.max(goneThrough, position);
    }
}

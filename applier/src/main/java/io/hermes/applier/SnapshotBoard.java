package io.hermes.applier;

import io.hermes.proto.Notice;
import io.hermes.proto.Settings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this replica tells of its snapshots on the board: those found whole lately, where they are to be had, and that it is about to
 * take one, so that others are asked meanwhile; and whether all who read that know what snapshots are.
 *
 * <p>Used by the loop's thread, but for what says otherwise.
 */
final class SnapshotBoard {

    /** So long before a snapshot the ingresses are told to ask others, and what they had asked is answered. */
    private static final long ANNOUNCED_NANOS = 100_000_000L;

    private final SnapshotVerifyLoop verifying;
    private final SnapshotPeers peers;
    private final LongSupplier nanoClock;

    // Set before the loop's thread is started.
    private Runnable onNews = () -> {};
    private boolean open;
    private @Nullable SnapshotServer server;

    // Written by the loop's thread, read by those of the bulletin.
    private volatile boolean underWay;

    // Owned by the loop's thread.
    private long announcedNanos;

    SnapshotBoard(SnapshotVerifyLoop verifying, SnapshotPeers peers, LongSupplier nanoClock) {
        this.verifying = verifying;
        this.peers = peers;
        this.nanoClock = nanoClock;
    }

    /** Has somebody put {@link #notice} up at once when it says something that others act on. To be called before the loop runs. */
    void onNews(Runnable action) {
        onNews = action;
    }

    /**
     * From now on somebody reads what is told. To be called before the loop runs.
     *
     * @param serving where snapshots are to be had; null if nowhere
     */
    void open(@Nullable SnapshotServer serving) {
        open = true;
        server = serving;
    }

    /** Any thread. */
    Notice.Snapshots notice() {
        List<SnapshotVerifyLoop.Whole> whole = verifying.whole();
        SnapshotServer serving = server;
        String address = serving == null ? "" : serving.address();
        if (whole.isEmpty()) {
            return new Notice.Snapshots(0, 0, 0, "", address, Settings.FEATURE_LEVEL, underWay);
        }
        SnapshotVerifyLoop.Whole newest = whole.get(0);
        return new Notice.Snapshots(
                newest.position(),
                whole.size() > 1 ? whole.get(1).position() : 0,
                newest.bytes(),
                newest.sha256(),
                address,
                Settings.FEATURE_LEVEL,
                underWay);
    }

    void register(MeterRegistry meters) {
        Gauge.builder("hermes.snapshot.position", this, board -> board.notice().position())
                .description("The newest snapshot found whole lately is of the state after this position")
                .register(meters);
        Gauge.builder("hermes.snapshot.bytes", this, board -> board.notice().bytes())
                .description("Size of that snapshot")
                .register(meters);
    }

    /** Whether a record that asks for a snapshot is understood by every live replica. */
    boolean allKnowSnapshots() {
        return peers.live().stream()
                .allMatch(each -> each.snapshots().featureLevel() >= Settings.FEATURE_LEVEL_OF_SNAPSHOTS);
    }

    /**
     * Tells that a snapshot is about to be taken, if that was not told yet.
     *
     * @return whether it was told so long ago that what is to be answered meanwhile is given to others
     */
    boolean isAnnounced() {
        if (!underWay) {
            announcedNanos = nanoClock.getAsLong();
            toUnderWay(true);
        }
        return !open || nanoClock.getAsLong() - announcedNanos >= ANNOUNCED_NANOS;
    }

    /** None is being taken, or going to be. */
    void toIdle() {
        toUnderWay(false);
    }

    private void toUnderWay(boolean now) {
        if (underWay != now) {
            underWay = now;
            onNews.run();
        }
    }
}

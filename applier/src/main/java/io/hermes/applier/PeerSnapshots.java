package io.hermes.applier;

import io.hermes.log.Inbox;
import io.hermes.log.ReplicaLink;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose snapshot is fetched when there is none at hand: that of the peer with the newest, one at a time.
 *
 * <p>Used by the loop's thread; pieces come on the link's.
 */
final class PeerSnapshots {

    private static final Logger LOG = LoggerFactory.getLogger(PeerSnapshots.class);

    /** How long to wait for the board to show what was told before this run began. */
    private static final long BOARD_NANOS = 3_000_000_000L;
    /** A peer that fell silent while it sent is asked again after so long, if no other one has sent its own. */
    private static final long AGAIN_NANOS = 5_000_000_000L;
    /** As long as no run lasts. */
    private static final long NEVER_NANOS = Long.MAX_VALUE / 4;

    /** A peer that dies again and again is left for another. */
    private static final int FOLLOWED_MAX = 5;

    private final SnapshotStore store;
    private final SnapshotChoice choice;
    private final SnapshotPeers peers;
    private final String replica;
    private final LongSupplier nanoClock;

    // Set before the loop's thread is started.
    private @Nullable Incarnation run;
    private @Nullable ReplicaLink link;

    // Written by the loop's thread, read by the link's.
    private volatile @Nullable SnapshotFetch fetch;

    // All below is owned by the loop's thread.
    private @Nullable Inbox pieces;
    // Until when a peer's snapshot is not fetched again, by the digest of its manifest.
    private final Map<String, Long> notBefore = new HashMap<>();
    private int followed;
    private long sinceNanos;
    private long spentNanos;

    /**
     * There are no peers yet.
     *
     * @param store takes what is fetched
     * @param choice told of it
     * @param peers that announce theirs
     * @param replica the name of this one
     * @param nanoClock for patience
     */
    PeerSnapshots(
            SnapshotStore store, SnapshotChoice choice, SnapshotPeers peers, String replica, LongSupplier nanoClock) {
        this.store = store;
        this.choice = choice;
        this.peers = peers;
        this.replica = replica;
        this.nanoClock = nanoClock;
    }

    /**
     * From now on peers are heard. To be called before the loop runs.
     *
     * @param incarnation this run
     * @param opened to them; null if they cannot be asked
     */
    void open(Incarnation incarnation, @Nullable ReplicaLink opened) {
        run = incarnation;
        link = opened;
    }

    /** Whether peers are heard at all. */
    boolean isOpen() {
        return run != null;
    }

    boolean isFetching() {
        return fetch != null;
    }

    /** How long what was fetched so far took, the one under way aside. */
    long spentNanos() {
        return spentNanos;
    }

    /** For people; empty while nothing is fetched. */
    String progress() {
        SnapshotFetch current = fetch;
        return current == null ? "" : current.progress();
    }

    /**
     * Whether to wait: a peer's snapshot is fetched from now on, or the board has not told everything.
     *
     * @param exclusive only a snapshot of a later position will do
     * @param waitedNanos for how long already
     */
    boolean isComing(long exclusive, long waitedNanos) {
        Incarnation own = run;
        if (own == null || link == null) {
            return false;
        }
        boolean patient = waitedNanos < BOARD_NANOS;
        if (!peers.hasHeard(own)) {
            return patient;
        }
        Optional<Notice.OfReplica> live = peers.live().stream()
                .filter(peer -> isWanted(peer, exclusive))
                .max(Comparator.comparingLong(peer -> peer.snapshots().position()));
        if (live.isPresent()) {
            begin(live.get());
            return true;
        }
        // An old notice, or one of a peer that will be heard again within a second.
        return patient && peers.known().stream().anyMatch(peer -> isWanted(peer, exclusive));
    }

    private boolean isWanted(Notice.OfReplica peer, long exclusive) {
        Notice.Snapshots snapshots = peer.snapshots();
        return !peer.replica().equals(replica)
                && snapshots.position() > Math.max(0, exclusive)
                && !snapshots.address().isEmpty()
                && mayBeFetched(snapshots.sha256());
    }

    private boolean mayBeFetched(String sha256) {
        Long notBeforeNanos = notBefore.get(sha256);
        return notBeforeNanos == null || nanoClock.getAsLong() - notBeforeNanos >= 0;
    }

    private void begin(Notice.OfReplica peer) {
        // Whatever comes of it: if it is of use it will be at hand.
        notBefore.put(peer.snapshots().sha256(), nanoClock.getAsLong() + NEVER_NANOS);
        ReplicaLink asking = Objects.requireNonNull(link);
        try {
            Inbox inbox = pieces;
            if (inbox == null) {
                inbox = asking.listen(Objects.requireNonNull(run).value() + "/pieces", this::onPiece);
                pieces = inbox;
            }
            LOG.info(
                    "fetching a snapshot position={} bytes={} from={}",
                    peer.snapshots().position(),
                    peer.snapshots().bytes(),
                    peer.replica());
            sinceNanos = nanoClock.getAsLong();
            fetch = new SnapshotFetch(asking, inbox.address().value(), peer, store, nanoClock);
        } catch (IOException e) {
            fetch = null;
            LOG.warn("cannot fetch a snapshot from={} reason={}", peer.replica(), e.toString());
        }
    }

    /**
     * Goes one step on with what is being fetched.
     *
     * @return false if that goes on; else it has come, or will not
     */
    boolean step() {
        SnapshotFetch current = fetch;
        if (current == null) {
            return true;
        }
        Optional<Notice.OfReplica> moved = movedAway(current);
        if (moved.isPresent() && followed < FOLLOWED_MAX) {
            followed++;
            end(current);
            begin(moved.get());
            return false;
        }
        try {
            var unused = current.step();
            if (!current.isDone()) {
                return false;
            }
            choice.onAdded(current.position());
        } catch (IOException e) {
            if (current.isSilent()) {
                notBefore.put(current.sha256(), nanoClock.getAsLong() + AGAIN_NANOS);
            }
            LOG.warn(
                    "snapshot not fetched position={} from={} reason={}",
                    current.position(),
                    current.from(),
                    e.toString());
        }
        end(current);
        fetch = null;
        return true;
    }

    private void end(SnapshotFetch current) {
        current.close();
        spentNanos += nanoClock.getAsLong() - sinceNanos;
    }

    /** A peer that died and runs again has its snapshot still, but elsewhere. */
    private Optional<Notice.OfReplica> movedAway(SnapshotFetch current) {
        return peers.live().stream()
                .filter(peer -> peer.replica().equals(current.from())
                        && peer.snapshots().sha256().equals(current.sha256())
                        && !peer.snapshots().address().equals(current.address()))
                .findFirst();
    }

    /** On the link's thread. */
    private void onPiece(byte[] bytes) {
        SnapshotFetch current = fetch;
        if (current != null) {
            current.onPiece(bytes);
        }
    }
}

package io.hermes.applier;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of this replica's snapshots when a majority contradicts the app that they are of. Used by the loop's thread. */
final class SnapshotDiscard {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDiscard.class);

    private final SnapshotStore store;
    private final SnapshotWriter writer;
    private final SnapshotChoice choice;
    private final SnapshotVerifyLoop verifying;
    private final String replica;

    SnapshotDiscard(
            SnapshotStore store,
            SnapshotWriter writer,
            SnapshotChoice choice,
            SnapshotVerifyLoop verifying,
            String replica) {
        this.store = store;
        this.writer = writer;
        this.choice = choice;
        this.verifying = verifying;
        this.replica = replica;
    }

    /** Removes those of later positions, also the one that is under way, and sees to it that none of them is chosen. */
    void ownAfter(long exclusive) {
        // First, so that it is either not finished or found in the store.
        long unfinished = writer.discardAfter(exclusive);
        if (unfinished > 0) {
            choice.onDiscarded(unfinished);
        }
        for (long each : store.positions()) {
            if (each > exclusive && isOwnOrUnknown(each)) {
                LOG.warn("discarding a snapshot position={} reason=of an app that was contradicted", each);
                choice.onRemoved(each, "it is of an app that other replicas contradicted");
                store.remove(each);
            }
        }
        verifying.onAdded();
    }

    private boolean isOwnOrUnknown(long position) {
        try {
            return store.manifest(position).replica().equals(replica);
        } catch (IOException e) {
            return true;
        }
    }
}

package io.hermes.applier;

import io.hermes.log.OrderedLog;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the log says about taking snapshots, and what a replica does about it. Used by the loop's thread. */
interface SnapshotTaking {

    /** None is taken, whoever asks. */
    SnapshotTaking NONE = new SnapshotTaking() {};

    /** A record asks somebody for a snapshot. */
    default void onAsked(long position, TakeSnapshotRecord record) {}

    /** A record says what became of that. */
    default void onTaken(SnapshotTakenRecord record) {}

    default void onApplied(int records) {}

    /**
     * Takes a snapshot if this replica was asked for one, tells what became of it, and asks for one if one is due. To be called
     * between two batches, while the replica serves.
     *
     * @param log appended to
     * @param after what was asked for up to this position was for an earlier run
     * @param checkpoint of this moment
     * @param alive whether the app is; asked after its state was got
     */
    default void doWork(OrderedLog log, long after, Supplier<Checkpoint> checkpoint, BooleanSupplier alive) {}
}

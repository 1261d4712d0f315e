package io.hermes.applier;

import io.hermes.log.LogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;

/**
 * The snapshots of one replica, if there are any: what its app begins with, and those that it takes.
 *
 * <p>Used by the apply loop's thread, but for what says otherwise.
 */
public abstract sealed class Snapshots implements AutoCloseable permits KeptSnapshots, NoSnapshots {

    Snapshots() {}

    /** Those of a replica that keeps none. */
    static Snapshots none() {
        return new NoSnapshots();
    }

    /** Has somebody put {@link #notice} up at once when it says something that others act on. To be called before the loop runs. */
    abstract void onNews(Runnable action);

    /**
     * Makes what is needed on disk, and begins to listen to peers.
     *
     * @param backend by which they are reached
     * @param incarnation this run
     * @throws IOException if the folder cannot be made
     */
    abstract void open(LogBackend backend, Incarnation incarnation) throws IOException;

    /** For the board. Any thread. */
    abstract Notice.Snapshots notice();

    abstract void register(MeterRegistry meters);

    /** What incarnations of the app begin with. */
    abstract Beginnings beginnings();

    /** Those that the log asks for. */
    abstract SnapshotTaking taking();

    /** The replicas that the settings in force list; to be called while this one serves, so that no older list comes back. */
    abstract void toListed(List<String> replicas);

    /**
     * This replica's app is not to be trusted from a position on: snapshots of it are not kept, nor the one that is under way.
     * Those of peers are.
     *
     * @param position the last one at which it was right
     */
    abstract void discardOwnAfter(long position);

    /** Ends the threads, within 10 seconds. Idempotent. */
    @Override
    public abstract void close();
}

package io.hermes.applier;

import io.hermes.log.Inbox;
import io.hermes.log.ReplicaLink;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one snapshot from a replica as its peers do, for somebody who is none. What was fetched stays, so that a later download
 * into the same folder goes on behind it.
 *
 * <p>Used by one thread; pieces come on the link's.
 */
public final class SnapshotDownload implements AutoCloseable {

    private final ReplicaLink link;
    private final SnapshotStore store;
    private final LongSupplier nanoClock;
    private final Inbox inbox;

    // Written by the caller's thread, read by the link's.
    private volatile @Nullable SnapshotFetch fetch;

    /**
     * Begins to listen; nothing is asked yet.
     *
     * @param link to the replicas
     * @param run unique among all that ever listened
     * @param folder made if need be; whole snapshots in it are removed
     * @param nanoClock for patience
     * @throws IOException if the folder cannot be used
     * @throws io.hermes.log.LogUnavailableException if nothing can listen where pieces are to go
     */
    public SnapshotDownload(ReplicaLink link, Incarnation run, Path folder, LongSupplier nanoClock) throws IOException {
        this.link = link;
        this.nanoClock = nanoClock;
        this.store = new SnapshotStore(folder, Failpoints.NONE);
        store.open();
        store.removeBelow(Long.MAX_VALUE);
        this.inbox = link.listen(run.value() + "/pieces", this::onPiece);
    }

    /**
     * What an earlier download into the folder has not finished.
     *
     * @return the SHA-256 of that snapshot's manifest
     */
    public Optional<String> begun() {
        return store.begun();
    }

    /**
     * Begins with a snapshot, or goes on behind what is there of it.
     *
     * @param peer that has it, as it told last
     * @throws IOException if there is no room for it
     */
    public void from(Notice.OfReplica peer) throws IOException {
        close(fetch);
        fetch = new SnapshotFetch(link, inbox.address().value(), peer, store, nanoClock);
    }

    /**
     * Takes what has come, and asks for more. To be called again and again after {@link #from}.
     *
     * @return how many pieces were taken; 0 if the caller may pause
     * @throws IOException if the replica cannot give the snapshot, or it cannot be kept, or is not whole in the end
     */
    public int step() throws IOException {
        return current().step();
    }

    /**
     * Whether all of it is there, read through, and on disk.
     *
     * @return true at the end
     */
    public boolean isDone() {
        return current().isDone();
    }

    /**
     * Whether it failed because the replica said nothing, so that it may be had later.
     *
     * @return false if it failed otherwise, or not at all
     */
    public boolean isSilent() {
        return current().isSilent();
    }

    /**
     * For people.
     *
     * @return what is being fetched, and how much of it is here
     */
    public String progress() {
        return current().progress();
    }

    @Override
    public void close() {
        close(fetch);
        inbox.close();
    }

    private static void close(@Nullable SnapshotFetch before) {
        if (before != null) {
            before.close();
        }
    }

    private SnapshotFetch current() {
        SnapshotFetch current = fetch;
        if (current == null) {
            throw new IllegalStateException("nothing is being fetched");
        }
        return current;
    }

    private void onPiece(byte[] bytes) {
        SnapshotFetch current = fetch;
        if (current != null) {
            current.onPiece(bytes);
        }
    }
}

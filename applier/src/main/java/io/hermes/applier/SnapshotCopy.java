package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.SnapshotPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** A whole snapshot outside of any replica: the newest one in a folder, read through when it is opened. */
public final class SnapshotCopy {

    private final SnapshotManifest manifest;
    private final Checkpoint checkpoint;
    private final Path app;

    private SnapshotCopy(SnapshotManifest manifest, Checkpoint checkpoint, Path app) {
        this.manifest = manifest;
        this.checkpoint = checkpoint;
        this.app = app;
    }

    /**
     * Reads all of it.
     *
     * @param folder with snapshots, each named by its position
     * @return the newest
     * @throws IOException if there is none, or it is not whole
     */
    public static SnapshotCopy open(Path folder) throws IOException {
        SnapshotStore store = new SnapshotStore(folder, Failpoints.NONE);
        long position = store.positions().stream()
                .findFirst()
                .orElseThrow(() -> new IOException("there is no snapshot in " + folder));
        SnapshotManifest manifest = store.verify(position);
        Checkpoint checkpoint = store.checkpoint(position);
        if (checkpoint.position() != position) {
            throw new IOException("the checkpoint of the snapshot at " + position + " is of another position");
        }
        return new SnapshotCopy(manifest, checkpoint, store.file(position, SnapshotPart.APP));
    }

    /**
     * The log that it belongs to.
     *
     * @return its identity
     */
    public String logIdentity() {
        return manifest.logIdentity();
    }

    /**
     * What state it is of.
     *
     * @return that after this position
     */
    public long position() {
        return manifest.position();
    }

    /**
     * Who took it.
     *
     * @return the replica's name
     */
    public String replica() {
        return manifest.replica();
    }

    /**
     * How the app's state was got.
     *
     * @return a value of {@code snapshot.via}, in capitals
     */
    public String via() {
        return manifest.via();
    }

    /**
     * Of the service, for people.
     *
     * @return empty if nobody said
     */
    public String appVersion() {
        return manifest.appVersion();
    }

    /**
     * Its size.
     *
     * @return bytes of all parts
     */
    public long bytes() {
        return manifest.bytes();
    }

    /**
     * What tells it from every other.
     *
     * @return SHA-256 of its manifest, in hexadecimal
     */
    public String sha256() {
        return manifest.sha256();
    }

    /**
     * The file with the app's state.
     *
     * @return as {@code snapshot.via} took it
     */
    public Path app() {
        return app;
    }

    /**
     * Writes the app's files.
     *
     * @param target does not exist yet; appears when all are in it
     * @throws IOException if that fails, or the state is not of files
     */
    public void unpack(Path target) throws IOException {
        if (!via().equals(SnapshotConfig.Via.DIRECTORY.name())) {
            throw new IOException("the state was taken with snapshot.via: " + via().toLowerCase(Locale.ROOT)
                    + ", so only the service, or its command, can tell what is in " + app);
        }
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        if (Files.exists(fresh)) {
            throw new IOException(fresh + " exists, of an earlier try perhaps: remove it");
        }
        Files.createDirectory(fresh);
        DirectoryArchive.read(app, fresh, AppDirectory.OURS, true);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * What an app with this state would be given next.
     *
     * @param skips positions of all requests that were given up, as far as the log tells now
     * @return takes the records that follow
     * @throws IOException if the state holds a request that was given up since
     */
    public GivenRequests following(Set<Long> skips) throws IOException {
        Set<Long> fresh = new TreeSet<>(skips);
        fresh.removeAll(checkpoint.anchor().knownSkips());
        fresh.removeIf(skip -> skip > position());
        if (!fresh.isEmpty()) {
            throw new IOException("the snapshot at " + position() + " holds a request that was given up since, at "
                    + fresh.iterator().next());
        }
        return new GivenRequests(checkpoint, skips);
    }
}

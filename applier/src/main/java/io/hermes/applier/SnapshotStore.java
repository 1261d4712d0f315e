package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots as folders {@code POSITION/} of three files each, {@code manifest}, {@code checkpoint} and {@code app}. A folder gets
 * its name only when everything in it is on disk; under any other name it does not count.
 *
 * <p>Any thread: all state is on disk, and one thread at a time makes a folder of one name.
 */
final class SnapshotStore {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

    private static final String FRESH = "new-";
    private static final String INCOMING = "fetch-";

    private final Path directory;
    private final Failpoints failpoints;

    SnapshotStore(Path directory, Failpoints failpoints) {
        this.directory = directory;
        this.failpoints = failpoints;
    }

    /** What is known of a snapshot besides its parts. */
    record Origin(String replica, String via, String appVersion) {}

    /** Makes the folder if need be, and removes what an earlier run did not finish. */
    void open() throws IOException {
        Files.createDirectories(directory);
        for (Path each : list()) {
            if (name(each).startsWith(FRESH)) {
                remove(each);
            }
        }
    }

    /** Of all snapshots, whole or not, the newest first. */
    List<Long> positions() {
        try {
            return list().stream()
                    .map(SnapshotStore::name)
                    .filter(name -> name.matches("[0-9]{1,18}"))
                    .map(Long::valueOf)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            LOG.warn("snapshots cannot be listed directory={} reason={}", directory, e.toString());
            return List.of();
        }
    }

    Path file(long position, SnapshotPart part) {
        return file(directory.resolve(Long.toString(position)), part);
    }

    static Path file(Path folder, SnapshotPart part) {
        return folder.resolve(part.name().toLowerCase(Locale.ROOT));
    }

    /**
     * The app's state got into a file; what is missing of a snapshot needs the app no more.
     *
     * @param folder under a name that does not count
     * @param checkpoint of the same moment
     */
    record Begun(Path folder, Checkpoint checkpoint) {}

    /**
     * Gets the app's state into a file: the part of taking a snapshot during which the app must have nothing to do.
     *
     * @throws IOException if that failed; nothing of it remains, and all others do
     */
    Begun begin(Checkpoint checkpoint, AppState app) throws IOException {
        Path fresh = directory.resolve(FRESH + checkpoint.position());
        remove(fresh);
        try {
            // Whoever takes snapshots of its own no longer needs parts of others'.
            removeIncomingBut(fresh);
            Files.createDirectories(fresh);
            app.save(file(fresh, SnapshotPart.APP));
            return new Begun(fresh, checkpoint);
        } catch (IOException e) {
            removeQuietly(fresh);
            throw e;
        }
    }

    /**
     * Makes a snapshot of what was begun: adds what belongs to it, reads it through, and brings it to disk.
     *
     * @return its manifest; it is on disk then
     * @throws IOException if that failed; nothing of it remains, and all others do
     */
    SnapshotManifest finish(Begun begun, Origin origin) throws IOException {
        Path fresh = begun.folder();
        Checkpoint checkpoint = begun.checkpoint();
        try {
            Path checkpointFile = file(fresh, SnapshotPart.CHECKPOINT);
            Files.write(checkpointFile, CheckpointCodec.encode(checkpoint));
            SnapshotManifest manifest = new SnapshotManifest(
                    checkpoint.logIdentity(),
                    checkpoint.position(),
                    checkpoint.logTimeMillis(),
                    origin.replica(),
                    origin.via(),
                    origin.appVersion(),
                    part(checkpointFile),
                    part(file(fresh, SnapshotPart.APP)));
            Files.write(file(fresh, SnapshotPart.MANIFEST), manifest.encode());
            failpoints.at(Failpoint.INSIDE_SNAPSHOT);
            moveIntoPlace(fresh, checkpoint.position());
            failpoints.at(Failpoint.AFTER_SNAPSHOT);
            return manifest;
        } catch (IOException e) {
            removeQuietly(fresh);
            throw e;
        }
    }

    /**
     * Reads a snapshot through.
     *
     * @throws IOException if it is not whole
     */
    SnapshotManifest verify(long position) throws IOException {
        SnapshotManifest manifest = verify(directory.resolve(Long.toString(position)));
        if (manifest.position() != position) {
            throw new IOException("the snapshot at " + position + " is of position " + manifest.position());
        }
        return manifest;
    }

    /** The manifest alone; says nothing of the other parts. */
    SnapshotManifest manifest(long position) throws IOException {
        return SnapshotManifest.decode(Files.readAllBytes(file(position, SnapshotPart.MANIFEST)));
    }

    Checkpoint checkpoint(long position) throws IOException {
        try {
            return CheckpointCodec.decode(Files.readAllBytes(file(position, SnapshotPart.CHECKPOINT)));
        } catch (UndecodableException e) {
            throw new IOException("the snapshot at " + position + " has no checkpoint: " + e.getMessage(), e);
        }
    }

    /** The digest of the manifest of a snapshot that is being gathered, or was and is not whole. */
    Optional<String> begun() {
        try {
            return list().stream()
                    .map(SnapshotStore::name)
                    .filter(name -> name.startsWith(INCOMING))
                    .map(name -> name.substring(INCOMING.length()))
                    .findFirst();
        } catch (IOException e) {
            LOG.warn("snapshots cannot be listed directory={} reason={}", directory, e.toString());
            return Optional.empty();
        }
    }

    /** Where parts of a snapshot are gathered that comes from elsewhere; may hold some of them already. */
    Path incoming(String sha256) throws IOException {
        Path folder = directory.resolve(INCOMING + sha256);
        removeIncomingBut(folder);
        return Files.createDirectories(folder);
    }

    private void removeIncomingBut(Path folder) throws IOException {
        for (Path each : list()) {
            if (name(each).startsWith(INCOMING) && !each.equals(folder)) {
                remove(each);
            }
        }
    }

    /**
     * Takes a snapshot over that was gathered.
     *
     * @throws IOException if it is not whole; then it is gone
     */
    SnapshotManifest adopt(Path incoming) throws IOException {
        try {
            SnapshotManifest manifest = verify(incoming);
            moveIntoPlace(incoming, manifest.position());
            return manifest;
        } catch (IOException e) {
            removeQuietly(incoming);
            throw e;
        }
    }

    /** Removes all snapshots below a position. */
    void removeBelow(long position) {
        for (long each : positions()) {
            if (each < position) {
                LOG.info("removing an old snapshot position={}", each);
                removeQuietly(directory.resolve(Long.toString(each)));
            }
        }
    }

    /** What cannot be removed is at least not found whole any more, or named in the log. */
    void remove(long position) {
        removeQuietly(directory.resolve(Long.toString(position)));
    }

    private static SnapshotManifest verify(Path folder) throws IOException {
        SnapshotManifest manifest = SnapshotManifest.decode(Files.readAllBytes(file(folder, SnapshotPart.MANIFEST)));
        check(file(folder, SnapshotPart.CHECKPOINT), manifest.checkpoint());
        check(file(folder, SnapshotPart.APP), manifest.app());
        return manifest;
    }

    private static void check(Path file, SnapshotManifest.Part wanted) throws IOException {
        SnapshotManifest.Part found = part(file);
        if (!found.equals(wanted)) {
            throw new IOException(file + " is damaged: it has " + found.bytes() + " bytes, SHA-256 " + found.sha256()
                    + ", wanted " + wanted.bytes() + " bytes, SHA-256 " + wanted.sha256());
        }
    }

    private static SnapshotManifest.Part part(Path file) throws IOException {
        return new SnapshotManifest.Part(Files.size(file), Digests.ofFile(file));
    }

    private void moveIntoPlace(Path folder, long position) throws IOException {
        for (SnapshotPart part : SnapshotPart.values()) {
            force(file(folder, part), StandardOpenOption.WRITE);
        }
        force(folder, StandardOpenOption.READ);
        Path place = directory.resolve(Long.toString(position));
        if (Files.exists(place)) {
            // Of the same position: a later one is as good, and this one may be damaged.
            remove(Files.move(place, directory.resolve(FRESH + position + "-old"), StandardCopyOption.ATOMIC_MOVE));
        }
        Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
        force(directory, StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            return content.toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static void removeQuietly(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            LOG.warn("cannot remove folder={} reason={}", folder, e.toString());
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            AppDirectory.remove(folder);
        }
    }
}

package io.hermes.launcher;

import io.hermes.applier.BackupManifest;
import io.hermes.applier.SnapshotCopy;
import io.hermes.log.LogRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backup: a snapshot, the requests that follow it, a manifest, and a text that says what to do with them. The folder has its name
 * only when all of it is on disk.
 */
final class BackupFolder {

    private static final String SNAPSHOTS = "snapshots";
    private static final String REQUESTS = "requests.jsonl";
    private static final String MANIFEST = "manifest";
    private static final String README = "README.txt";

    /** The last field of a line; within the others there is no quote that is not escaped. */
    private static final Pattern RECORD = Pattern.compile("\"record-base64\":\"([A-Za-z0-9+/=]*)\"\\}$");

    private static final String TEXT =
            """
            A backup of a service that Hermes replicates (./hermes backup).

              manifest          of which log and moment it is, and the digests of the other files
              snapshots/N/      the service's state after position N of that log, and what a replica knew there
                app             the state itself, as snapshot.via took it
              requests.jsonl    the requests that were executed after that, one JSON object a line

            To begin a new deployment with it, on a new and empty log:

              1. Check it:        ./hermes restore --check --from THIS-FOLDER
              2. Copy this folder beside each replica, and set app.initial-state to its file snapshots/N/app. Keep
                 snapshot.via as the manifest says it. Start replicas and ingresses, but let no client in.
              3. Give them the requests:   ./hermes restore --from THIS-FOLDER -c CONFIG
              4. Let the clients in when it says that it is done.

            To go on with the same log after all replicas lost their disks: copy the folder snapshots/N into the state
            directory of one replica, below snapshots/, and start it. requests.jsonl is not needed for that: the log has them.
            """;

    private final Path folder;

    BackupFolder(Path folder) {
        this.folder = folder;
    }

    /** One line for each request that follows the snapshot. */
    interface Sink {
        void take(byte[] record) throws Exception;
    }

    Path snapshots() {
        return folder.resolve(SNAPSHOTS);
    }

    Path requests() {
        return folder.resolve(REQUESTS);
    }

    /** A line about a request: what an export says of it, and the record itself. */
    static String line(LogRecord record) {
        String json = RecordLines.of(record).json();
        return json.substring(0, json.length() - 1) + ",\"record-base64\":\""
                + Base64.getEncoder().encodeToString(record.bytes()) + "\"}";
    }

    /** The snapshot in it, read through. */
    SnapshotCopy snapshot() throws IOException {
        try {
            return SnapshotCopy.open(snapshots());
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " is missing", e);
        }
    }

    /** Completes it, and gives it its name in one step. */
    void finish(BackupManifest manifest, Path name) throws IOException {
        Files.writeString(folder.resolve(README), TEXT);
        Files.write(folder.resolve(MANIFEST), manifest.encode());
        for (Path each : List.of(folder.resolve(README), folder.resolve(MANIFEST), folder)) {
            force(each);
        }
        var unused = verify();
        Files.move(folder, name, StandardCopyOption.ATOMIC_MOVE);
        Path parent = name.toAbsolutePath().getParent();
        if (parent != null) {
            force(parent);
        }
    }

    /**
     * Reads all of it.
     *
     * @throws IOException naming what is missing or damaged
     */
    BackupManifest verify() throws IOException {
        BackupManifest manifest = manifest();
        SnapshotCopy snapshot = snapshot();
        if (!snapshot.sha256().equals(manifest.snapshotSha256())) {
            throw new IOException(snapshots() + " holds another snapshot than the manifest says");
        }
        if (!Files.exists(requests())) {
            throw new IOException(requests() + " is missing");
        }
        if (!BackupManifest.digest(requests()).equals(manifest.requestsSha256())) {
            throw new IOException(requests() + " is damaged: its SHA-256 is not what the manifest says");
        }
        return manifest;
    }

    private BackupManifest manifest() throws IOException {
        try {
            return BackupManifest.decode(Files.readAllBytes(folder.resolve(MANIFEST)));
        } catch (NoSuchFileException e) {
            throw new IOException(folder + " is no backup: it has no file " + MANIFEST, e);
        } catch (IOException e) {
            throw new IOException(folder.resolve(MANIFEST) + ": " + e.getMessage(), e);
        }
    }

    /** The requests that follow the snapshot, as they stood in the log. */
    void forEachRequest(Sink sink) throws Exception {
        try (BufferedReader lines = Files.newBufferedReader(requests(), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher record = RECORD.matcher(line);
                if (!record.find()) {
                    throw new IOException(requests() + " has a line without record-base64");
                }
                sink.take(Base64.getDecoder().decode(record.group(1)));
            }
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

package io.hermes.launcher;

import io.hermes.applier.BackupManifest;
import io.hermes.applier.GivenRequests;
import io.hermes.applier.SnapshotCopy;
import io.hermes.applier.SnapshotDownload;
import io.hermes.log.LogBackend;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.ReplicaLink;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.SnapshotTakenRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes backup}: keeps a service's state and what followed it in a folder. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description =
                "Has a replica take a snapshot, fetches it, and adds the requests that were executed since. The folder"
                        + " appears when all of it is there and was read through; a text in it says what to do with it.",
        footer = {
            "",
            "The replica sends the snapshot to reads.host and a port of this process, which must be reachable from there.",
            "What was fetched by a try that broke off stays in FOLDER.new, and the next one goes on behind it.",
            "",
            "Examples:",
            "  ./hermes backup -c DIR/ingress-0/config.yaml --to /backups/monday",
            "  ./hermes backup -c CONFIG --set reads.host=10.0.0.9 --set reads.listen=0.0.0.0 --to /backups/monday"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class BackupCommand extends OperatorCommand {

    private static final int TRIES_MAX = 5;
    private static final long IDLE_MILLIS = 5;
    private static final long PROGRESS_NANOS = 2_000_000_000L;

    @Option(names = "--to", paramLabel = "FOLDER", required = true, description = "does not exist yet")
    private Path to = Path.of("");

    @Mixin
    private SnapshotOptions options = new SnapshotOptions();

    @Override
    void check() {
        Path parent = to.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new ConfigException("--to is " + to + ", but " + parent + " is no folder");
        }
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new ConfigException("--to is " + to + ", which exists already");
        }
    }

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        Incarnation run = Incarnations.begin("backup");
        Path work = to.resolveSibling(to.getFileName() + ".new");
        Files.createDirectories(work);
        BackupFolder folder = new BackupFolder(work);
        fetch(backend, run, folder);
        SnapshotCopy snapshot = folder.snapshot();
        long through = LogSpan.end(backend, run, 1);
        long requests = writeRequests(backend, snapshot, through, folder);
        folder.finish(
                new BackupManifest(
                        snapshot.logIdentity(),
                        snapshot.position(),
                        through,
                        System.currentTimeMillis(),
                        snapshot.replica(),
                        snapshot.via(),
                        snapshot.appVersion(),
                        snapshot.sha256(),
                        requests,
                        BackupManifest.digest(folder.requests())),
                to);
        out.println("backup in " + to + ": state after position " + snapshot.position() + " by " + snapshot.replica()
                + ", " + snapshot.bytes() + " bytes, and " + requests + " requests after it, through position "
                + through);
        return 0;
    }

    private void fetch(LogBackend backend, Incarnation run, BackupFolder folder) throws Exception {
        ReplicaLink link = backend.link();
        if (link == null) {
            throw new IllegalStateException("there is no way to the replicas");
        }
        try (SnapshotDownload download = new SnapshotDownload(link, run, folder.snapshots(), System::nanoTime)) {
            Notice.OfReplica peer = peer(backend, download.begun());
            for (int tries = 1; !fetchFrom(download, peer, tries); tries++) {
                String sha256 = peer.snapshots().sha256();
                peer = awaitPeer(
                        backend,
                        each -> each.snapshots().sha256().equals(sha256),
                        "no replica offers the snapshot of position "
                                + peer.snapshots().position() + " any more");
            }
        } catch (LogUnavailableException e) {
            throw new IllegalStateException(
                    e.getMessage()
                            + ": pieces of the snapshot come to reads.listen and reads.port, choose others with --set",
                    e);
        }
    }

    /** One that still has what an earlier try began with; else one that takes a snapshot now. */
    private Notice.OfReplica peer(LogBackend backend, Optional<String> begun) throws Exception {
        if (begun.isPresent()) {
            Board board = Board.look(backend.bulletin());
            Optional<Notice.OfReplica> same = board.replicas().stream()
                    .filter(each ->
                            board.isAlive(each) && each.snapshots().sha256().equals(begun.get()))
                    .findFirst();
            if (same.isPresent()) {
                System.err.println("going on with the snapshot of position "
                        + same.get().snapshots().position() + ", of which an earlier try has left a part");
                return same.get();
            }
        }
        SnapshotTakenRecord taken = options.take(backend);
        return awaitPeer(
                backend,
                each -> each.replica().equals(taken.replica())
                        && each.snapshots().position() >= taken.position(),
                taken.replica() + " has taken a snapshot of position " + taken.position() + " and does not offer it");
    }

    private Notice.OfReplica awaitPeer(LogBackend backend, Predicate<Notice.OfReplica> wanted, String otherwise)
            throws InterruptedException {
        return Board.await(
                        backend.bulletin(),
                        each -> !each.snapshots().address().isEmpty() && wanted.test(each),
                        options.waitSeconds())
                .orElseThrow(() -> new IllegalStateException(otherwise));
    }

    /** False if the replica fell silent: it may be back soon. */
    private static boolean fetchFrom(SnapshotDownload download, Notice.OfReplica peer, int tries)
            throws IOException, InterruptedException {
        long progressNanos = System.nanoTime() + PROGRESS_NANOS;
        try {
            download.from(peer);
            while (!download.isDone()) {
                if (download.step() == 0) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
                }
                if (System.nanoTime() - progressNanos >= 0) {
                    progressNanos = System.nanoTime() + PROGRESS_NANOS;
                    System.err.println(download.progress());
                }
            }
            return true;
        } catch (IOException e) {
            if (!download.isSilent() || tries >= TRIES_MAX) {
                throw new IOException(
                        e.getMessage()
                                + (download.isSilent()
                                        ? ": it has to be reachable from here, and this process from there (reads.host, "
                                                + "reads.listen, reads.port); the next try goes on behind what came"
                                        : ""),
                        e);
            }
            System.err.println(e.getMessage() + ", trying again");
            return false;
        }
    }

    private static long writeRequests(LogBackend backend, SnapshotCopy snapshot, long through, BackupFolder folder)
            throws IOException {
        if (!snapshot.logIdentity().equals(backend.log().identity())) {
            throw new IOException("the snapshot belongs to another log, " + snapshot.logIdentity());
        }
        // What gives a request up comes later than the request.
        Set<Long> skips = new TreeSet<>();
        LogSpan.forEach(backend, snapshot.position(), through, (record, content) -> {
            if (content instanceof SkipRecord skip
                    && skip.position() < record.position().value()) {
                skips.add(skip.position());
            }
        });
        GivenRequests given = snapshot.following(skips);
        long[] count = {0};
        try (WholeFile lines = new WholeFile(folder.requests())) {
            LogSpan.forEach(backend, snapshot.position(), through, (record, content) -> {
                if (given.isGiven(record.position().value(), content)) {
                    lines.line(BackupFolder.line(record));
                    count[0]++;
                }
            });
            lines.finish();
        }
        return count[0];
    }
}

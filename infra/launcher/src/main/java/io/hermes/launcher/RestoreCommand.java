package io.hermes.launcher;

import io.hermes.applier.BackupManifest;
import io.hermes.applier.InitialState;
import io.hermes.applier.SnapshotCopy;
import io.hermes.log.LogBackend;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.Notice;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes restore}: gives a new deployment what a backup holds besides the state that it began with. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description =
                "Gives a new deployment the requests of a backup that follow its snapshot, in their order. The replicas have"
                        + " begun with the snapshot's state before (app.initial-state), on a new log, and no client was let in.",
        footer = {
            "",
            "A try that broke off is repeated by the same command, which goes on behind what is in the log.",
            "",
            "Examples:",
            "  ./hermes restore --check --from /backups/monday",
            "  ./hermes restore --from /backups/monday -c DIR/ingress-0/config.yaml",
            "  ./hermes restore --from /backups/monday --unpack FOLDER"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class RestoreCommand extends OperatorCommand {

    private static final long APPEND_SECONDS = 60;
    private static final int TRIES_MAX = 5;
    private static final long AGAIN_MILLIS = 1_000;
    private static final long PROGRESS_NANOS = 2_000_000_000L;

    @Option(names = "--from", paramLabel = "FOLDER", required = true, description = "a backup")
    private Path from = Path.of("");

    @Option(names = "--check", description = "only read the backup through, and tell what it holds")
    private boolean checkOnly;

    @Option(
            names = "--unpack",
            paramLabel = "FOLDER",
            description =
                    "only write the service's files into a folder that does not exist yet (snapshot.via: directory)")
    private @Nullable Path unpack;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "how long to wait until the replicas have applied the requests (default 300)")
    private long waitSeconds;

    /** What stands in the new log. */
    private static final class Found {
        private @Nullable String initialState;
        private final List<RequestId> requests = new ArrayList<>();
    }

    @Override
    void check() {
        if (!Files.isDirectory(from)) {
            throw new ConfigException("--from is " + from + ", which is no folder");
        }
        Path target = unpack;
        if (target != null && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new ConfigException("--unpack is " + target + ", which exists already");
        }
    }

    @Override
    @Nullable
    Integer runAlone(PrintWriter out) throws Exception {
        BackupFolder folder = new BackupFolder(from);
        BackupManifest manifest = folder.verify();
        SnapshotCopy snapshot = folder.snapshot();
        Path target = unpack;
        if (checkOnly) {
            out.println("whole: state after position " + manifest.position() + " by " + manifest.replica()
                    + " (snapshot.via "
                    + manifest.via() + "), " + snapshot.bytes() + " bytes, and " + manifest.requests()
                    + " requests after it, through position " + manifest.through() + "; taken "
                    + Instant.ofEpochMilli(manifest.takenMillis()));
            out.println("app.initial-state: " + snapshot.app().toAbsolutePath());
        } else if (target != null) {
            snapshot.unpack(target);
            out.println("files of position " + manifest.position() + " in " + target);
        }
        return checkOnly || target != null ? 0 : null;
    }

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        BackupFolder folder = new BackupFolder(from);
        Incarnation run = Incarnations.begin("restore");
        long end = LogSpan.end(backend, run, 1);
        Found found = found(backend, end);
        refuseOtherState(found, folder.snapshot());
        Appending appending = new Appending(backend, run, found.requests, end);
        folder.forEachRequest(appending::take);
        if (appending.index < found.requests.size()) {
            throw otherRequests();
        }
        awaitApplied(backend, appending.last);
        out.println("restored: " + appending.index + " requests"
                + (found.requests.isEmpty() ? "" : ", " + found.requests.size() + " of them by an earlier try")
                + ", applied through position " + appending.last + ": clients may come");
        return 0;
    }

    private static Found found(LogBackend backend, long end) throws IOException {
        Found found = new Found();
        LogSpan.forEach(backend, 0, end, (record, content) -> look(found, content));
        return found;
    }

    private static void look(Found found, LogContent content) {
        if (content instanceof InitialStateRecord initial && found.initialState == null && found.requests.isEmpty()) {
            found.initialState = initial.digest();
        } else if (content instanceof RequestRecord request) {
            RequestId id = request.identity().id();
            // Of an append whose outcome was unknown there may be two, one after the other.
            if (found.requests.isEmpty() || !id.equals(found.requests.get(found.requests.size() - 1))) {
                found.requests.add(id);
            }
        }
    }

    private void refuseOtherState(Found found, SnapshotCopy snapshot) throws IOException {
        String digest = InitialState.of(snapshot.app()).digest();
        if (found.initialState == null && found.requests.isEmpty()) {
            throw new IllegalStateException(
                    "no replica has begun with the backup's state yet: set app.initial-state to "
                            + snapshot.app().toAbsolutePath() + " for all replicas, start them, and try again");
        }
        if (!digest.equals(found.initialState)) {
            throw new IllegalStateException("the replicas of this log have not begun with the state of " + from
                    + ": a backup is restored into a new log, with app.initial-state set to "
                    + snapshot.app().toAbsolutePath());
        }
    }

    private IllegalStateException otherRequests() {
        return new IllegalStateException(
                "the log holds requests that are not of " + from + ": a backup is restored before clients are let in");
    }

    /**
     * Appends what is not there yet, in order, each once the one before is in the log. The requests keep their ids, so that what is
     * appended twice is applied once; the exchange is another one, since what the old ingresses had told of theirs is not in this log.
     */
    private final class Appending {
        private final LogBackend backend;
        private final Incarnation run;
        private final List<RequestId> there;
        private long last;
        private int index;
        private long progressNanos = System.nanoTime() + PROGRESS_NANOS;

        Appending(LogBackend backend, Incarnation run, List<RequestId> there, long last) {
            this.backend = backend;
            this.run = run;
            this.there = there;
            this.last = last;
        }

        void take(byte[] bytes) throws Exception {
            RequestRecord request = request(bytes);
            index++;
            if (index > there.size()) {
                append(request);
            } else if (!there.get(index - 1).equals(request.identity().id())) {
                throw otherRequests();
            }
            if (System.nanoTime() - progressNanos >= 0) {
                progressNanos = System.nanoTime() + PROGRESS_NANOS;
                System.err.println(index + " requests are in the log");
            }
        }

        private RequestRecord request(byte[] bytes) throws IOException {
            try {
                if (RecordCodec.decode(bytes) instanceof RequestRecord request) {
                    return request;
                }
                throw new IOException(from + " holds a record that is no request");
            } catch (UndecodableException e) {
                throw new IOException(from + ": " + e.getMessage(), e);
            }
        }

        private void append(RequestRecord request) throws Exception {
            // The barrier was the first.
            long number = index + 1L;
            Identity old = request.identity();
            last = RestoreCommand.append(
                    backend,
                    RecordCodec.encode(new RequestRecord(
                            new Identity(new CorrelationId(run, number), old.id(), old.principal()),
                            request.request(),
                            request.logTimeMillis(),
                            request.seed(),
                            request.traceParent(),
                            ReplyRoute.NOBODY,
                            last,
                            number)));
        }
    }

    private static long append(LogBackend backend, byte[] record) throws Exception {
        String[] why = {""};
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (tries > 0) {
                TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
            }
            long position = backend.log()
                    .append(record)
                    .get(APPEND_SECONDS, TimeUnit.SECONDS)
                    .match(
                            appended -> appended.position().value(),
                            rejected -> {
                                why[0] = rejected.reason();
                                return -1L;
                            },
                            unknown -> {
                                why[0] = unknown.reason();
                                return -1L;
                            });
            if (position >= 0) {
                return position;
            }
        }
        throw new IllegalStateException(
                "the log did not take the record: " + why[0] + "; the same command goes on from here");
    }

    private void awaitApplied(LogBackend backend, long last) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        do {
            Board board = Board.look(backend.bulletin());
            List<Notice.OfReplica> live =
                    board.replicas().stream().filter(board::isAlive).toList();
            if (!live.isEmpty() && live.stream().allMatch(each -> each.appliedThrough() >= last)) {
                return;
            }
        } while (System.nanoTime() - deadlineNanos < 0);
        throw new IllegalStateException(
                "all requests are in the log, but not all live replicas have applied them through position " + last
                        + " within " + waitSeconds + " s; see './hermes status'");
    }
}

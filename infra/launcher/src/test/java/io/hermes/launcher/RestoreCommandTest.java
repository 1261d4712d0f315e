package io.hermes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.applier.BackupManifest;
import io.hermes.applier.InitialState;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A new log is given the requests of a backup. */
class RestoreCommandTest {

    private static final Incarnation OLD = new Incarnation("ingress-0-0123456789abcdef");

    private final MemoryLogBackend backend = new MemoryLogBackend(MemoryCluster.atOnce());
    private final StringWriter out = new StringWriter();
    private final ScheduledExecutorService board = Executors.newSingleThreadScheduledExecutor();

    @TempDir
    Path temp = Path.of("");

    /** A replica that is far enough, whatever comes. */
    @BeforeEach
    void writeNotices() {
        byte[] notice = NoticeCodec.encode(new Notice.OfReplica(
                "replica-0", new Incarnation("replica-0-1"), ReplicaState.SERVING, Long.MAX_VALUE / 2, ""));
        var unused = board.scheduleAtFixedRate(
                () -> backend.bulletin().publish("replica/replica-0", notice), 0, 200, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void close() {
        board.shutdownNow();
        backend.close();
    }

    @Test
    void requestsOfTheBackupFollowItsState() throws Exception {
        Path backup = backup(3);
        beginWith(backup);

        restore(backup);

        List<RequestRecord> requests = requests();
        assertThat(requests)
                .extracting(request -> request.identity().id().text())
                .containsExactly(OLD + ".1", "key-2", OLD + ".3");
        assertThat(requests).extracting(RequestRecord::logTimeMillis).containsExactly(1_000L, 2_000L, 3_000L);
        assertThat(requests).extracting(RequestRecord::seed).containsOnly(-1L);
        assertThat(out.toString()).contains("restored: 3 requests");
    }

    @Test
    void secondTryGoesOnBehindTheFirst() throws Exception {
        Path backup = backup(3);
        beginWith(backup);
        append(request(1));
        append(request(2));
        append(request(2));

        restore(backup);

        assertThat(requests())
                .extracting(request -> request.identity().id().text())
                .containsExactly(OLD + ".1", "key-2", "key-2", OLD + ".3");
    }

    @Test
    void logThatOthersUseIsRefused() throws Exception {
        Path backup = backup(3);
        beginWith(backup);
        append(request(9));

        assertThatThrownBy(() -> restore(backup)).hasMessageContaining("before clients are let in");

        assertThat(requests()).hasSize(1);
    }

    @Test
    void logWithMoreThanTheBackupIsRefused() throws Exception {
        Path backup = backup(1);
        beginWith(backup);
        append(request(1));
        append(request(2));

        assertThatThrownBy(() -> restore(backup)).hasMessageContaining("before clients are let in");
    }

    @Test
    void replicasThatBeganOtherwiseAreRefused() throws Exception {
        Path backup = backup(1);

        assertThatThrownBy(() -> restore(backup)).hasMessageContaining("no replica has begun");

        append(new InitialStateRecord("another"));
        assertThatThrownBy(() -> restore(backup)).hasMessageContaining("have not begun with the state");
        assertThat(requests()).isEmpty();
    }

    @Test
    void damageIsFoundBeforeAnythingIsAppended() throws Exception {
        Path backup = backup(2);
        beginWith(backup);
        Path requests = backup.resolve("requests.jsonl");
        Files.writeString(requests, Files.readString(requests).replace("/insert", "/Insert"));

        assertThatThrownBy(() -> restore(backup)).hasMessageContaining("damaged");

        assertThat(requests()).isEmpty();
    }

    @Test
    void folderThatIsNoBackupIsTold() {
        assertThatThrownBy(() -> restore(temp)).hasMessageContaining("is no backup");
    }

    @Test
    void stateThatIsNotOfFilesIsNotUnpacked() throws Exception {
        Path backup = backup(0);

        assertThatThrownBy(
                        () -> restore(backup, "--unpack", temp.resolve("files").toString()))
                .hasMessageContaining("snapshot.via: http");
        assertThat(temp.resolve("files")).doesNotExist();
    }

    private void beginWith(Path backup) throws Exception {
        append(new InitialStateRecord(
                InitialState.of(backup.resolve("snapshots/7/app")).digest()));
    }

    private void restore(Path backup, String... options) throws Exception {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--from";
        all[options.length + 1] = backup.toString();
        RestoreCommand command = new RestoreCommand();
        new CommandLine(command).parseArgs(all);
        command.check();
        PrintWriter printer = new PrintWriter(out, true);
        if (command.runAlone(printer) == null) {
            assertThat(command.run(backend, printer)).isZero();
        }
    }

    /** As {@code hermes backup} leaves it, of a service that tells its state over HTTP. */
    private Path backup(int requests) throws Exception {
        Path work = temp.resolve("backup.new");
        Path snapshot = Files.createDirectories(work.resolve("snapshots/7"));
        byte[] app = "state".getBytes(StandardCharsets.UTF_8);
        byte[] checkpoint = CheckpointCodec.encode(new Checkpoint(
                "log-1", 7, 7, 0, 0, false, Settings.BEFORE_ANY_RECORD, null, List.of(), List.of(), List.of()));
        Files.write(snapshot.resolve("app"), app);
        Files.write(snapshot.resolve("checkpoint"), checkpoint);
        String manifest =
                "format 1\nlog log-1\nposition 7\nlog-time-millis 0\nreplica replica-0\nvia HTTP\napp-version \n"
                        + "checkpoint-bytes " + checkpoint.length + "\ncheckpoint-sha256 " + sha256(checkpoint)
                        + "\napp-bytes "
                        + app.length + "\napp-sha256 " + sha256(app) + "\n";
        String signed = manifest + "sha256 " + sha256(manifest.getBytes(StandardCharsets.UTF_8)) + "\n";
        Files.writeString(snapshot.resolve("manifest"), signed);
        BackupFolder folder = new BackupFolder(work);
        try (WholeFile lines = new WholeFile(folder.requests())) {
            for (int number = 1; number <= requests; number++) {
                lines.line(BackupFolder.line(
                        new LogRecord(new Position(7 + number), RecordCodec.encode(request(number)))));
            }
            lines.finish();
        }
        Path backup = temp.resolve("backup");
        folder.finish(
                new BackupManifest(
                        "log-1",
                        7,
                        9,
                        0,
                        "replica-0",
                        "HTTP",
                        "",
                        sha256(signed.getBytes(StandardCharsets.UTF_8)),
                        requests,
                        BackupManifest.digest(folder.requests())),
                backup);
        return backup;
    }

    /** Every second one under a name of its client's. */
    private static RequestRecord request(int number) {
        CorrelationId exchange = new CorrelationId(OLD, number);
        Identity identity = number % 2 == 1
                ? Identity.unnamed(exchange, "")
                : new Identity(exchange, new RequestId.Key("", "key-" + number), "");
        byte[] body = "a \"body\",\"record-base64\":\"AAAA\"}".getBytes(StandardCharsets.UTF_8);
        return new RequestRecord(
                identity,
                new Request("POST", "/insert", List.of(), body),
                number * 1_000L,
                -1,
                "",
                new ReplyRoute("somewhere", "replica-0"),
                40,
                number);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private List<RequestRecord> requests() throws Exception {
        List<RequestRecord> requests = new ArrayList<>();
        try (LogReader reader = backend.log().openReader(Position.START)) {
            for (LogRecord record : reader.read(1 << 20, Duration.ZERO)) {
                if (RecordCodec.decode(record.bytes()) instanceof RequestRecord request) {
                    requests.add(request);
                }
            }
        }
        return requests;
    }

    private void append(LogContent content) throws Exception {
        backend.log().append(RecordCodec.encode(content)).get();
    }
}

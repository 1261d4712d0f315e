package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.ReplyOutcome.Told;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps whose state outlives their incarnation, and appliers that begin anew beside them. */
class KeptStateTest {

    private static final Duration CHECKPOINTS = Duration.ofSeconds(3);

    @TempDir
    Path temp = Path.of("");

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final RecordingApp app = new RecordingApp();
    private final List<Reply> replies = new ArrayList<>();
    private @Nullable ReplicaStatus status;
    private OrderedLog log = backend.log();
    private boolean losing;
    private long nanos;

    @BeforeEach
    void openInbox() {
        app.keepState();
        var unused = backend.replies().openInbox("inbox", bytes -> {
            try {
                replies.addAll(ReplyCodec.decode(bytes).replies());
            } catch (UndecodableException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void awareAppIsNotGivenAgainWhatItHas() {
        ApplyLoop before = aware();
        append(Calls.record(1));
        append(Calls.record(2));
        run(before);

        ApplyLoop after = aware();
        append(Calls.record(3));
        run(after);

        assertThat(numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void repeatAfterARestartIsStillKnownFromTheCheckpoint() {
        ApplyLoop before = aware();
        append(Calls.named("k", 1, "body"));
        run(before);
        before.close();

        ApplyLoop after = aware();
        run(after);
        append(Calls.named("k", 2, "body"));
        run(after);

        assertThat(numbers()).containsExactly(1L);
        assertThat(replies.get(replies.size() - 1).outcome())
                .isEqualTo(replies.get(0).outcome());
    }

    @Test
    void answerThatNobodyHeardIsMissingHereOnly() throws IOException {
        ApplyLoop before = aware();
        run(before);
        app.doubtAt(append(Calls.named("k", 1, "body")));
        run(before);

        append(Calls.named("k", 2, "body"));
        run(before);

        assertThat(numbers()).containsExactly(1L);
        assertThat(replies).extracting(Reply::outcome).endsWith(Told.MISSING_HERE);
    }

    @Test
    void appThatLostItsLastRequestsIsGivenThemAgain() {
        ApplyLoop before = aware();
        for (int i = 1; i <= 5; i++) {
            append(Calls.record(i));
            run(before);
        }
        before.close();
        app.loseLast(3);

        run(aware());

        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void damagedCheckpointIsPassedOver() throws IOException {
        ApplyLoop before = aware();
        append(Calls.named("k", 1, "body"));
        run(before);
        before.close();
        try (var files = Files.list(temp)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
        }

        ApplyLoop after = aware();
        append(Calls.named("k", 2, "body"));
        run(after);

        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void appThatHasExecutedWhatWasGivenUpHaltsTheReplicaAlsoAfterARestart() {
        ApplyLoop before = aware();
        long executed = append(Calls.record(1));
        append(Calls.record(2));
        run(before);
        append(new SkipRecord(executed, "others cannot execute it"));
        run(before);
        assertThat(status()).isEqualTo(ReplicaState.HALTED);

        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("given up by an operator");
    }

    @Test
    void requestThatWasGivenUpIsNotTakenForExecutedAfterARestart() {
        ApplyLoop before = aware();
        run(before);
        long poison = append(Calls.record(1));
        app.neverExecutes(poison);
        run(before);
        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        append(new SkipRecord(poison, "it crashes the app"));
        append(Calls.record(2));
        run(before);

        append(Calls.record(3));
        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.SERVING);
        assertThat(numbers()).containsExactly(2L, 3L);
    }

    @Test
    void secondPoisonInTheSameBatchDoesNotHideThatTheFirstWasLeftOut() {
        ApplyLoop loop = aware();
        run(loop);
        long first = append(Calls.record(1));
        append(Calls.record(2));
        long second = append(Calls.record(3));
        app.neverExecutes(first);
        run(loop);
        app.neverExecutes(second);
        append(new SkipRecord(first, "it crashes the app"));
        run(loop);
        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("skip " + second);

        append(new SkipRecord(second, "it crashes the app, too"));
        append(Calls.record(4));
        run(loop);
        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.SERVING);
        assertThat(numbers()).containsExactly(2L, 4L);
    }

    @Test
    void eachRequestThatIsLeftOutIsRememberedBeforeTheNextOneIsExecuted() {
        ApplyLoop loop = aware();
        run(loop);
        giveUp(loop, append(Calls.record(1)));
        giveUp(loop, append(Calls.record(2)));
        append(Calls.record(3));
        runBriefly(loop);
        assertThat(numbers()).containsExactly(3L);

        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.SERVING);
        assertThat(numbers()).containsExactly(3L);
    }

    @Test
    void logThatWasCutOffBehindTheAppHaltsTheReplicaAlsoAfterARestart() {
        ApplyLoop before = aware();
        append(Calls.record(1));
        append(Calls.record(2));
        run(before);
        MemoryLogBackend cut = new MemoryLogBackend(MemoryCluster.atOnce());
        // As long as the former, and longer, before anybody looks.
        for (int i = 1; i <= 10; i++) {
            cut.log().append(RecordCodec.encode(Calls.record(10 + i))).join();
        }
        losing = true;
        run(before);
        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("no longer holds what this app has executed");

        losing = false;
        log = cut.log();
        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void appOfALogThatWasMadeAnewHaltsTheReplica() {
        ApplyLoop before = aware();
        append(Calls.record(1));
        run(before);
        before.close();
        MemoryLogBackend anew = new MemoryLogBackend(new MemoryCluster("another", 1 << 20, MemoryEvent::happen));
        for (int i = 1; i <= 10; i++) {
            anew.log().append(RecordCodec.encode(Calls.record(10 + i))).join();
        }

        log = anew.log();
        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("another log");
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void attachedAppThatMayStillBeExecutingIsNotAskedTwice() {
        ApplyLoop loop = loop(new AwareContinuity(app, true));
        run(loop);
        app.stillRunsAt(append(Calls.record(1)));

        run(loop);

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("executing").contains("app.timeout");
    }

    @Test
    void appOfAnotherLogHaltsTheReplica() {
        app.begin();
        app.pretendPosition(1_000_000);

        run(aware());

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("another log");
    }

    @Test
    void externalAppHaltsAtARequestInDoubt() throws IOException {
        ApplyLoop loop = external(ExternalContinuity.InDoubt.HALT, null);
        run(loop);
        long doubt = append(Calls.record(1));
        app.doubtAt(doubt);

        run(loop);

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("--resolve " + doubt + "=executed");
    }

    @Test
    void requestThatWasNotSentBecauseOfTheAnswerBeforeItIsNotInDoubt() throws IOException {
        ApplyLoop loop = external(ExternalContinuity.InDoubt.HALT, null);
        run(loop);
        append(Calls.record(1));
        app.brokenBefore(append(Calls.record(2)));
        run(loop);
        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        loop.close();

        app.brokenBefore(-1);
        run(external(ExternalContinuity.InDoubt.HALT, null));

        assertThat(status()).isEqualTo(ReplicaState.SERVING);
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void doubtAboutAnExternalAppOutlivesTheApplier() throws IOException {
        long doubt = doubtAboutAnExternalApp();

        run(external(ExternalContinuity.InDoubt.HALT, null));

        assertThat(status()).isEqualTo(ReplicaState.HALTED);
        assertThat(reason()).contains("position " + doubt);
    }

    @Test
    void requestThatAPersonFoundExecutedIsNotRepeated() throws IOException {
        long doubt = doubtAboutAnExternalApp();

        ApplyLoop loop = external(ExternalContinuity.InDoubt.HALT, new ReplicaAssembly.Resolution(doubt, true));
        append(Calls.record(2));
        run(loop);

        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void requestThatAPersonFoundNotExecutedIsRepeated() throws IOException {
        long doubt = doubtAboutAnExternalApp();

        run(external(ExternalContinuity.InDoubt.HALT, new ReplicaAssembly.Resolution(doubt, false)));

        assertThat(numbers()).containsExactly(1L, 1L);
        assertThat(status()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void anotherRequestThanTheOneInDoubtCannotBeResolved() throws IOException {
        long doubt = doubtAboutAnExternalApp();

        assertThatThrownBy(() ->
                        external(ExternalContinuity.InDoubt.HALT, new ReplicaAssembly.Resolution(doubt + 2, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position " + doubt);
    }

    @Test
    void appThatMayRepeatIsGivenTheRequestInDoubtAgain() throws IOException {
        ApplyLoop loop = external(ExternalContinuity.InDoubt.RETRY, null);
        run(loop);
        app.doubtAt(append(Calls.record(1)));
        append(Calls.record(2));

        run(loop);

        assertThat(numbers()).containsExactly(1L, 1L, 2L);
        assertThat(status()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void externalAppGoesOnWhereTheJournalEnds() throws IOException {
        ApplyLoop before = external(ExternalContinuity.InDoubt.HALT, null);
        append(Calls.record(1));
        append(Calls.record(2));
        run(before);

        ApplyLoop after = external(ExternalContinuity.InDoubt.HALT, null);
        append(Calls.record(3));
        run(after);

        assertThat(numbers()).containsExactly(1L, 2L, 3L);
    }

    private long doubtAboutAnExternalApp() throws IOException {
        ApplyLoop loop = external(ExternalContinuity.InDoubt.HALT, null);
        run(loop);
        long doubt = append(Calls.record(1));
        app.doubtAt(doubt);
        run(loop);
        return doubt;
    }

    private ApplyLoop aware() {
        return loop(new AwareContinuity(app, false));
    }

    private ApplyLoop external(ExternalContinuity.InDoubt inDoubt, ReplicaAssembly.@Nullable Resolution resolution)
            throws IOException {
        CallJournal journal = CallJournal.open(temp.resolve("calls"));
        if (resolution != null) {
            journal.resolve(resolution.position(), resolution.executed());
        }
        return loop(new ExternalContinuity(journal, inDoubt));
    }

    private ApplyLoop loop(Continuity continuity) {
        return new ApplyLoop(
                new LosingLog(log, () -> losing),
                backend.replies(),
                new ApplyLoop.Replica(
                        app, app, continuity, new FileCheckpointStore(temp, Failpoints.NONE), Failpoints.NONE),
                ApplierConfig.of("replica-0", new Incarnation("replica-0-1"))
                        .withPace(1 << 20, Duration.ZERO, CHECKPOINTS),
                next -> status = next,
                () -> nanos += 10_000_000);
    }

    /** A log whose readers find sometime that what they delivered is gone. */
    private record LosingLog(OrderedLog sound, BooleanSupplier losing) implements OrderedLog {

        @Override
        public LogReader openReader(Position after) {
            LogReader reader = sound.openReader(after);
            return new LogReader() {
                @Override
                public List<LogRecord> read(int bytesMax, Duration maxWait) {
                    if (losing.getAsBoolean()) {
                        throw new LogLostException("the log ends before position " + after, null);
                    }
                    return reader.read(bytesMax, maxWait);
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        @Override
        public CompletableFuture<AppendOutcome> append(byte[] record) {
            return sound.append(record);
        }

        @Override
        public CompletableFuture<Void> trimBefore(Position first) {
            return sound.trimBefore(first);
        }

        @Override
        public CompletableFuture<Position> tail() {
            return sound.tail();
        }

        @Override
        public int recordBytesMax() {
            return sound.recordBytesMax();
        }

        @Override
        public String identity() {
            return sound.identity();
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    private long append(LogContent content) {
        return backend.log()
                .append(RecordCodec.encode(content))
                .join()
                .match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }

    private void giveUp(ApplyLoop loop, long position) {
        app.neverExecutes(position);
        run(loop);
        append(new SkipRecord(position, "it crashes the app"));
        runBriefly(loop);
    }

    /** So briefly that no checkpoint is due. */
    private void runBriefly(ApplyLoop loop) {
        for (int i = 0; i < 30; i++) {
            loop.doWork();
            nanos += CHECKPOINTS.toNanos() / 100;
        }
    }

    private void run(ApplyLoop loop) {
        for (int i = 0; i < 30; i++) {
            loop.doWork();
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    private List<Long> numbers() {
        return app.calls().stream()
                .map(call -> call.record().correlation().number())
                .toList();
    }

    private ReplicaState status() {
        ReplicaStatus current = status;
        if (current == null) {
            throw new AssertionError("never told");
        }
        return current.state();
    }

    private String reason() {
        ReplicaStatus current = status;
        return current == null ? "" : current.reason();
    }
}

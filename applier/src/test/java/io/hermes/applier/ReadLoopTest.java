package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.ReplyAddress;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReadBatch;
import io.hermes.proto.ReadCodec;
import io.hermes.proto.ReadOutcome;
import io.hermes.proto.ReadOutcome.Refused;
import io.hermes.proto.ReadReply;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.Routes;
import io.hermes.proto.Settings;
import io.hermes.proto.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop of reads past the log, stepped by hand. */
class ReadLoopTest {

    private static final Incarnation INGRESS = new Incarnation("ingress-0-1");
    private static final Settings SETTINGS = Settings.BEFORE_ANY_RECORD.withRoutes(
            Routes.parse(List.of("path=/line/{n} read-only=true level=barrier", "path=/find methods=POST read-only")));

    private final MemoryLogBackend backend = new MemoryLogBackend(MemoryCluster.atOnce());
    private final RecordingApp app = new RecordingApp();
    private final List<ReadReply> replies = new ArrayList<>();
    private final List<Long> expected = new ArrayList<>();
    private @Nullable Runnable whileExecuting;
    private long nanos;
    private final ReadLoop loop = Objects.requireNonNull(ReadLoop.of(
            backend,
            new ApplyLoop.Replica(
                    app, app, new DisposableContinuity(), new NoCheckpoints(), Failpoints.NONE, alive -> new Watched()),
            ApplierConfig.of("replica-0", new Incarnation("replica-0-1")),
            () -> nanos));

    /** The app, with a moment in the middle of executing. */
    private final class Watched implements App {
        @Override
        public void awaitListening() {}

        @Override
        public void apply(List<AppCall> calls, Answers answers) throws AppInDoubtException {
            app.apply(calls, answers);
            if (whileExecuting != null) {
                whileExecuting.run();
            }
        }

        @Override
        public void expectThrough(long position) {
            expected.add(position);
        }

        @Override
        public long tellPosition() {
            return app.tellPosition();
        }

        @Override
        public void close() {}
    }

    private static final class NoCheckpoints implements CheckpointStore {
        @Override
        public io.hermes.proto.@Nullable Checkpoint newestThrough(long position, String logIdentity) {
            return null;
        }

        @Override
        public void write(io.hermes.proto.Checkpoint checkpoint) {
            throw new AssertionError("a read leaves no checkpoint");
        }
    }

    @BeforeEach
    void openInbox() {
        var unused = backend.replies().openInbox(INGRESS.value(), bytes -> {
            try {
                ReplyBatch batch = ReplyCodec.decode(bytes);
                replies.addAll(batch.reads());
            } catch (UndecodableException e) {
                throw new AssertionError(e);
            }
        });
    }

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void readIsExecutedOnceTheReplicaIsFarEnough() {
        loop.onStatus(serving(6));
        ask(7, "/line/1");

        int before = loop.doWork();
        loop.onStatus(serving(7));
        int after = loop.doWork();

        assertThat(before).isZero();
        assertThat(after).isOne();
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.position()).isEqualTo(7);
            assertThat(text(reply)).isEqualTo("answer 1");
        });
    }

    @Test
    void appIsToldNothingOfOursAboutARead() {
        loop.onStatus(serving(7));
        ask(7, "/line/1");

        loop.doWork();

        assertThat(app.calls()).extracting(AppCall::position).containsExactly(0L);
    }

    @Test
    void appMustBeAsFarAsTheLastWrite() {
        loop.onStatus(serving(7));
        ask(0, "/line/1");

        loop.doWork();

        assertThat(expected).containsExactly(5L);
    }

    @Test
    void patienceEndsWithARefusal() {
        loop.onStatus(serving(6));
        ask(7, "/line/1");

        nanos += Duration.ofSeconds(1).toNanos();
        loop.doWork();

        assertThat(outcomes()).containsExactly(Refused.BEHIND);
        assertThat(app.calls()).isEmpty();
    }

    @Test
    void replicaThatIsRebuiltRefusesAtOnce() {
        loop.onStatus(status(ReplicaState.REPLAYING, 9, 2));
        ask(7, "/line/1");

        loop.doWork();

        assertThat(outcomes()).containsExactly(Refused.NOT_SERVING);
    }

    @Test
    void whatTheLogDoesNotDeclareReadOnlyIsNotExecuted() {
        loop.onStatus(serving(7));
        ask(7, "/insert", "/line/1");

        loop.doWork();

        assertThat(outcomes()).contains(Refused.NOT_READ_ONLY);
        assertThat(app.calls())
                .extracting(call -> call.record().request().target())
                .containsExactly("/line/1");
    }

    @Test
    void answerOfAnAppThatWasStartedAnewMeanwhileDoesNotCount() {
        loop.onStatus(serving(7));
        ask(7, "/line/1");
        whileExecuting = () -> loop.onStatus(status(ReplicaState.SERVING, 8, 2));

        loop.doWork();

        assertThat(outcomes()).containsExactly(Refused.NOT_SERVING);
    }

    @Test
    void answerOfAnAppThatIsBeingStartedAnewDoesNotCount() {
        loop.onStatus(serving(7));
        ask(7, "/line/1");
        whileExecuting = () -> loop.onStatus(status(ReplicaState.STARTING, 0, 1));

        loop.doWork();

        assertThat(outcomes()).containsExactly(Refused.NOT_SERVING);
    }

    @Test
    void appThatGivesNoAnswerIsSaidToGiveNone() {
        loop.onStatus(serving(7));
        app.neverExecutes(0);
        ask(7, "/line/1");

        loop.doWork();

        assertThat(outcomes()).containsExactly(Refused.NO_ANSWER);
    }

    @Test
    void readsThatWaitAreBounded() {
        loop.onStatus(serving(6));
        String[] many = new String[8_192];
        java.util.Arrays.fill(many, "/line/1");
        ask(7, many);
        ask(7, "/line/2");

        assertThat(outcomes()).containsExactly(Refused.TOO_MANY);
    }

    @Test
    void strangeBytesHarmNobody() {
        loop.onStatus(serving(7));
        var link = Objects.requireNonNull(backend.link());
        link.ask(new ReplyAddress(loop.address()), new byte[] {1, 2, 3});
        ask(7, "/line/1");

        loop.doWork();

        assertThat(replies).hasSize(1);
    }

    @Test
    void loopWakesUpByItself() {
        loop.start();
        loop.onStatus(serving(6));
        ask(7, "/line/1");

        loop.onStatus(serving(7));

        org.awaitility.Awaitility.await("the answer").until(() -> replies.size() == 1);
        assertThat(text(replies.get(0))).isEqualTo("answer 1");
    }

    private void ask(long minPosition, String... targets) {
        List<ReadBatch.Read> reads = new ArrayList<>();
        for (String target : targets) {
            reads.add(new ReadBatch.Read(reads.size() + 1, Calls.request("GET", target, "")));
        }
        ReadBatch batch = new ReadBatch(INGRESS, INGRESS.value(), minPosition, Duration.ofSeconds(1), reads);
        Objects.requireNonNull(backend.link()).ask(new ReplyAddress(loop.address()), ReadCodec.encode(batch));
    }

    private List<ReadOutcome> outcomes() {
        return replies.stream().map(ReadReply::outcome).toList();
    }

    private static String text(ReadReply reply) {
        return reply.outcome()
                .match(answer -> new String(answer.body(), StandardCharsets.US_ASCII), refused -> refused.name());
    }

    private static ReplicaStatus serving(long appliedThrough) {
        return status(ReplicaState.SERVING, appliedThrough, 1);
    }

    private static ReplicaStatus status(ReplicaState state, long appliedThrough, long incarnations) {
        return new ReplicaStatus(
                state, appliedThrough, 3, incarnations, 0, SETTINGS, 5, DivergenceStatus.NOTHING_YET, "");
    }
}

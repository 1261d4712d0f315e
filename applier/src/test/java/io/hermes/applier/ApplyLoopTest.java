package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.AppendOutcome;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Answer;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Routes;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop over the log in memory, stepped by hand; what it replies is read from a real inbox. */
class ApplyLoopTest {

    private static final ReplyRoute ROUTE = new ReplyRoute("inbox", "replica-0");
    private static final ReplyRoute ASKS_ANOTHER = new ReplyRoute("inbox", "replica-1");
    private static final Routes READ_ONLY = Routes.parse(List.of("path=/line/{n} read-only=true"));

    private static final ApplierConfig CONFIG = ApplierConfig.of("replica-0", new Incarnation("replica-0-1"))
            .withPace(1 << 20, Duration.ZERO, Duration.ofSeconds(30));
    private static final CheckpointStore NO_CHECKPOINTS = new CheckpointStore() {
        @Override
        public @Nullable Checkpoint newestThrough(long position, String logIdentity) {
            return null;
        }

        @Override
        public void write(Checkpoint checkpoint) {
            throw new AssertionError("a disposable app needs no checkpoint");
        }
    };

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final RecordingApp app = new RecordingApp();
    private final List<Reply> replies = new ArrayList<>();
    private final List<ReplicaStatus> statuses = new ArrayList<>();
    private long nanos;
    private final ApplyLoop loop = new ApplyLoop(
            backend.log(),
            backend.replies(),
            new ApplyLoop.Replica(app, app, new DisposableContinuity(), NO_CHECKPOINTS, Failpoints.NONE),
            CONFIG,
            statuses::add,
            () -> nanos += 10_000_000);

    @BeforeEach
    void openInbox() {
        var unused = backend.replies().openInbox("inbox", bytes -> {
            try {
                ReplyBatch batch = ReplyCodec.decode(bytes);
                replies.addAll(batch.replies());
            } catch (UndecodableException e) {
                throw new AssertionError(e);
            }
        });
        run();
    }

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void requestsAreAppliedInLogOrder() {
        append(Calls.record(2));
        append(Calls.record(1));
        append(Calls.record(3));

        run();

        assertThat(app.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(2L, 1L, 3L);
    }

    @Test
    void appIsGivenThePositionInTheLog() {
        long position = append(Calls.record(1));

        run();

        assertThat(app.calls()).extracting(AppCall::position).containsExactly(position);
    }

    @Test
    void repeatIsNotAppliedAgain() {
        append(Calls.record(1));
        append(Calls.record(1));

        run();

        assertThat(app.calls()).hasSize(1);
    }

    @Test
    void repeatGetsTheAnswerAndThePositionOfTheFirst() {
        long first = append(Calls.record(1));
        append(Calls.record(2));
        append(Calls.record(1));

        run();

        assertThat(replies).hasSize(3);
        assertThat(replies.get(2).position()).isEqualTo(first);
        assertThat(body(replies.get(2))).isEqualTo("answer 1");
    }

    @Test
    void readOnlyRequestIsExecutedByItsResponderAlone() {
        declareReadOnly();
        append(get(1, ROUTE));
        append(get(2, ASKS_ANOTHER));

        run();

        assertThat(app.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(1L);
        assertThat(replies).hasSize(1);
    }

    @Test
    void readOnlyRequestIsExecutedAfreshWhenItIsAskedAgain() {
        declareReadOnly();
        append(get(1, ROUTE));
        append(get(1, ROUTE));

        run();

        assertThat(replies).extracting(ApplyLoopTest::body).containsExactly("answer 1", "answer 2");
        assertThat(replies).extracting(Reply::replayed).containsExactly(false, false);
    }

    @Test
    void readOnlyRequestIsNotExecutedInAReplay() {
        declareReadOnly();
        append(get(1, ROUTE));
        append(Calls.record(2));
        run();

        app.die();
        run();

        assertThat(app.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(2L);
    }

    @Test
    void readOnlyRequestSaysWhatItsIngressIsFinishedWith() {
        declareReadOnly();
        append(Calls.record(1));
        RequestRecord read = get(2, ROUTE);
        append(new RequestRecord(read.identity(), read.request(), 0, 0, "", ROUTE, 0, 2));
        append(Calls.record(1));

        run();

        assertThat(replies.get(2).outcome()).isEqualTo(ReplyOutcome.Told.NOT_APPLIED);
    }

    @Test
    void routesAreToldWithTheStatus() {
        declareReadOnly();

        run();

        assertThat(statuses.get(statuses.size() - 1).settings().routes()).isEqualTo(READ_ONLY);
    }

    @Test
    void onlyTheResponderReplies() {
        append(Calls.record(1).withRoute(ASKS_ANOTHER));

        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(replies).isEmpty();
    }

    @Test
    void replicaThatIsAskedAgainAnswersFromMemory() {
        RequestRecord request = Calls.record(1).withRoute(ASKS_ANOTHER);
        long position = append(request);
        run();

        append(new AskAgainRecord(request.identity(), position, new ReplyRoute("inbox", "replica-0"), null));
        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.position()).isEqualTo(position);
            assertThat(body(reply)).isEqualTo("answer 1");
        });
    }

    @Test
    void requestThatIsNotKnownIsToldAsForgotten() {
        append(new AskAgainRecord(Calls.record(7).identity(), 5, new ReplyRoute("inbox", "replica-0"), null));

        run();

        assertThat(replies).extracting(Reply::outcome).containsExactly(ReplyOutcome.Told.FORGOTTEN);
    }

    @Test
    void barrierIsAnsweredAfterWhatStandsBeforeIt() {
        append(Calls.record(1));
        append(new BarrierRecord(new CorrelationId(Calls.INGRESS, 9), new ReplyRoute("inbox", "replica-0"), 0));

        run();

        assertThat(replies).hasSize(2);
        assertThat(replies.get(1).outcome()).isEqualTo(ReplyOutcome.Told.BARRIER_PASSED);
    }

    @Test
    void logTimeNeverGoesBack() {
        append(Calls.record(Calls.INGRESS, 1, 0, 1, 5_000));
        append(Calls.record(Calls.INGRESS, 2, 0, 1, 4_000));

        run();

        assertThat(app.calls()).extracting(AppCall::timeMillis).containsExactly(5_000L, 5_000L);
    }

    @Test
    void strayRecordIsPassedOver() {
        backend.log().append(new byte[] {(byte) 0xff, 1}).join();
        append(Calls.record(1));

        run();

        assertThat(app.calls()).hasSize(1);
    }

    @Test
    void recordOfALaterVersionHaltsTheReplica() {
        backend.log().append(new byte[] {(15 << 3) | 2, 1, 7}).join();
        append(Calls.record(1));

        run();

        assertThat(last().state()).isEqualTo(ReplicaState.HALTED);
        assertThat(last().reason()).contains("later version");
        assertThat(app.calls()).isEmpty();
    }

    @Test
    void requestInDoubtBeginsAnotherIncarnationThatReplaysEverything() {
        append(Calls.record(1));
        run();
        app.doubtAt(append(Calls.record(2)));
        append(Calls.record(3));

        run();

        assertThat(app.incarnations()).isEqualTo(2);
        assertThat(app.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(1L, 2L, 3L);
        assertThat(last().state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void deadAppIsNoticedWithoutARequest() {
        append(Calls.record(1));
        run();

        app.die();
        run();

        assertThat(app.incarnations()).isEqualTo(2);
        assertThat(app.calls()).hasSize(1);
    }

    @Test
    void whatWasOrderedBeforeTheIncarnationIsNotAnsweredAgain() {
        append(Calls.record(1));
        run();
        replies.clear();

        app.die();
        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(replies).isEmpty();
    }

    @Test
    void newIncarnationStillKnowsRepeats() {
        append(Calls.record(1));
        run();
        app.die();
        run();

        append(Calls.record(1));
        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(body(replies.get(replies.size() - 1))).isEqualTo("answer 1");
    }

    @Test
    void logThatForgotItsBeginningHaltsTheReplica() {
        append(Calls.record(1));
        long second = append(Calls.record(2));
        backend.log().trimBefore(new io.hermes.log.Position(second)).join();

        app.die();
        run();

        assertThat(last().state()).isEqualTo(ReplicaState.HALTED);
        assertThat(last().reason()).contains("no longer reaches back");
    }

    @Test
    void replicaServesOnlyAfterItHasReplayedTheLogOfThen() {
        append(Calls.record(1));
        append(Calls.record(2));
        app.die();
        statuses.clear();

        run();

        assertThat(statuses)
                .filteredOn(status -> status.state() == ReplicaState.SERVING)
                .isNotEmpty()
                .allSatisfy(status -> assertThat(status.appliedRequests()).isEqualTo(2));
    }

    @Test
    void requestThatAlwaysLeavesADoubtHaltsTheReplicaAndIsNamed() {
        append(Calls.record(1));
        long poison = append(Calls.record(2));
        append(Calls.record(3));
        app.alwaysDoubtAt(poison);

        run();

        assertThat(last().state()).isEqualTo(ReplicaState.HALTED);
        assertThat(last().reason()).contains("position " + poison).contains("./hermes skip " + poison);
        assertThat(app.incarnations()).isEqualTo(1 + Doubts.RECOVERIES_MAX);
    }

    @Test
    void requestThatWasGivenUpIsAnsweredWith502ByEveryReplay() {
        long poison = append(Calls.record(1));
        app.alwaysDoubtAt(poison);
        run();

        append(new SkipRecord(poison, "it crashes the app"));
        append(Calls.record(2));
        run();
        append(Calls.record(1));
        run();

        assertThat(last().state()).isEqualTo(ReplicaState.SERVING);
        assertThat(app.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(2L);
        Reply repeated = replies.get(replies.size() - 1);
        assertThat(body(repeated)).contains("position " + poison).contains("it crashes the app");
    }

    @Test
    void requestThatIsGivenUpAfterItWasExecutedIsTakenBack() {
        long executed = append(Calls.record(1));
        append(Calls.record(2));
        run();

        append(new SkipRecord(executed, "others cannot execute it"));
        run();

        assertThat(app.incarnations()).isEqualTo(2);
        assertThat(app.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(2L);
    }

    @Test
    void replicaThatBeginsAfterASkipLeavesTheRequestOut() {
        long skipped = append(Calls.record(1));
        append(new SkipRecord(skipped, "given up long ago"));
        append(Calls.record(2));
        RecordingApp lateApp = new RecordingApp();
        ApplyLoop late = new ApplyLoop(
                backend.log(),
                backend.replies(),
                new ApplyLoop.Replica(lateApp, lateApp, new DisposableContinuity(), NO_CHECKPOINTS, Failpoints.NONE),
                CONFIG,
                statuses::add,
                () -> nanos += 10_000_000);

        for (int i = 0; i < 30; i++) {
            late.doWork();
            nanos += Duration.ofSeconds(1).toNanos();
        }

        assertThat(last().state()).isEqualTo(ReplicaState.SERVING);
        assertThat(lateApp.calls())
                .extracting(call -> call.record().correlation().number())
                .containsExactly(2L);
    }

    @Test
    void skipOfWhatIsNoRequestIsPassedOver() {
        long barrier =
                append(new BarrierRecord(new CorrelationId(Calls.INGRESS, 9), new ReplyRoute("inbox", "replica-0"), 0));
        append(new SkipRecord(barrier, "a slip of the pen"));
        append(Calls.record(1));

        run();

        assertThat(last().state()).isEqualTo(ReplicaState.SERVING);
        assertThat(app.calls()).hasSize(1);
    }

    @Test
    void whoeverWaitsGetsAnAnswerThatIsTooLongToBeKept() {
        append(new SettingsRecord(new Settings(1, 1, 10, Duration.ofHours(1), 10, Duration.ofHours(1), 0)));
        append(Calls.named("k", 1, "body"));
        append(Calls.named("k", 2, "body"));

        run();

        assertThat(body(replies.get(0))).isEqualTo("answer 1");
        assertThat(replies.get(1).outcome()).isEqualTo(ReplyOutcome.Told.ANSWER_NOT_KEPT);
    }

    @Test
    void culpritIsFoundAmongRequestsThatWereSentTogether() {
        append(Calls.record(1));
        append(Calls.record(2));
        long poison = append(Calls.record(3));
        append(Calls.record(4));
        app.alwaysDoubtAt(poison);
        app.answerOnlyAtTheEnd();

        run();

        assertThat(last().state()).isEqualTo(ReplicaState.HALTED);
        assertThat(last().reason()).contains("./hermes skip " + poison);
    }

    @Test
    void otherInitialStateThanThatOfTheOthersHaltsTheReplica() {
        append(new InitialStateRecord("of the others"));

        run();

        assertThat(last().state()).isEqualTo(ReplicaState.HALTED);
        assertThat(last().reason()).contains("of the others").contains("app.initial-state");
    }

    @Test
    void initialStateCountsOnlyBeforeTheFirstRequest() {
        append(Calls.record(1));
        append(new InitialStateRecord("too late"));
        append(Calls.record(2));

        run();

        assertThat(app.calls()).hasSize(2);
    }

    @Test
    void settingsFromTheLogCountIfTheirRevisionIsHigher() {
        append(new SettingsRecord(settings(2, 1)));
        append(new SettingsRecord(settings(1, 1_000)));
        append(Calls.named("a", 1, "body"));
        append(Calls.named("b", 2, "body"));
        append(Calls.named("a", 3, "body"));

        run();

        assertThat(replies.get(replies.size() - 1).outcome()).isEqualTo(ReplyOutcome.Told.NOT_APPLIED);
    }

    @Test
    void settingsOfALaterVersionHaltTheReplica() {
        append(new SettingsRecord(
                new Settings(1, Settings.FEATURE_LEVEL + 1, 1, Duration.ofHours(1), 1, Duration.ofHours(1), 1)));

        run();

        assertThat(last().state()).isEqualTo(ReplicaState.HALTED);
        assertThat(last().reason()).contains("feature level");
    }

    @Test
    void repeatOfAnotherExchangeIsToldAsReplayed() {
        append(Calls.named("k", 1, "body"));
        append(Calls.named("k", 2, "body"));
        append(Calls.named("k", 2, "body"));

        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(replies).extracting(Reply::replayed).containsExactly(false, true, true);
        assertThat(replies).extracting(reply -> reply.id().number()).containsExactly(1L, 2L, 2L);
    }

    @Test
    void inquiryIsAnsweredFromWhatStandsBeforeIt() {
        append(Calls.named("k", 1, "body"));
        append(inquiry("k", 5, false));
        append(inquiry("later", 6, true));
        append(Calls.named("later", 7, "body"));

        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(body(replies.get(1))).isEqualTo("answer 1");
        assertThat(replies.get(2).outcome()).isEqualTo(ReplyOutcome.Told.CANCELLED);
        assertThat(replies.get(3).outcome()).isEqualTo(ReplyOutcome.Told.CANCELLED);
    }

    @Test
    void requestThatWasNotAppliedIsNotCalledAppliedWhenItIsAskedForAgain() {
        append(Calls.record(Calls.INGRESS, 5, 0, 5, 0));
        long late = append(Calls.record(4).withRoute(ASKS_ANOTHER));

        append(new AskAgainRecord(Calls.record(4).identity(), late, new ReplyRoute("inbox", "replica-0"), null));
        run();

        assertThat(replies.get(replies.size() - 1).outcome()).isEqualTo(ReplyOutcome.Told.FORGOTTEN);
    }

    private void declareReadOnly() {
        append(new SettingsRecord(settings(1, 1_000).withRoutes(READ_ONLY)));
    }

    private static RequestRecord get(long number, ReplyRoute route) {
        RequestRecord like = Calls.record(number);
        return new RequestRecord(like.identity(), Calls.request("GET", "/line/1", ""), 0, 0, "", route, 0, 1);
    }

    private static Settings settings(long revision, int keysMax) {
        return new Settings(revision, 1, keysMax, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000);
    }

    private static InquiryRecord inquiry(String key, long number, boolean cancel) {
        return new InquiryRecord(
                new Identity(new CorrelationId(Calls.INGRESS, number), new RequestId.Key("", key), ""),
                cancel,
                new ReplyRoute("inbox", "replica-0"),
                0);
    }

    private long append(LogContent content) {
        AppendOutcome outcome =
                backend.log().append(RecordCodec.encode(content)).join();
        return outcome.match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }

    /** Steps until there can be nothing left to do. */
    private void run() {
        for (int i = 0; i < 30; i++) {
            loop.doWork();
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    private ReplicaStatus last() {
        return statuses.get(statuses.size() - 1);
    }

    private static String body(Reply reply) {
        Answer answer = reply.outcome().match(given -> given, told -> null);
        if (answer == null) {
            throw new AssertionError("no answer: " + reply);
        }
        return new String(answer.body(), StandardCharsets.US_ASCII);
    }
}

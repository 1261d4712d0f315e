package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.AppendOutcome;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Answer;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Incarnation;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop over the log in memory, stepped by hand; what it replies is read from a real inbox. */
class ApplyLoopTest {

    private static final ReplyRoute ASKS_ANOTHER = new ReplyRoute("inbox", "replica-1");

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final RecordingApp app = new RecordingApp();
    private final List<Reply> replies = new ArrayList<>();
    private final List<ReplicaStatus> statuses = new ArrayList<>();
    private long nanos;
    private final ApplyLoop loop = new ApplyLoop(
            backend.log(),
            backend.replies(),
            app,
            app,
            new ApplierConfig(
                    "replica-0",
                    new Incarnation("replica-0-1"),
                    1 << 20,
                    Duration.ZERO,
                    1 << 20,
                    1_000,
                    Duration.ofMinutes(10)),
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

        assertThat(app.calls()).extracting(call -> call.record().id().number()).containsExactly(2L, 1L, 3L);
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

        append(new AskAgainRecord(request.id(), position, new ReplyRoute("inbox", "replica-0")));
        run();

        assertThat(app.calls()).hasSize(1);
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(reply.position()).isEqualTo(position);
            assertThat(body(reply)).isEqualTo("answer 1");
        });
    }

    @Test
    void answerThatIsNotKnownIsToldAsNotKept() {
        append(new AskAgainRecord(Calls.record(7).id(), 5, new ReplyRoute("inbox", "replica-0")));

        run();

        assertThat(replies).extracting(Reply::outcome).containsExactly(new ReplyOutcome.AnswerNotKept());
    }

    @Test
    void barrierIsAnsweredAfterWhatStandsBeforeIt() {
        append(Calls.record(1));
        append(new BarrierRecord(new CorrelationId(Calls.INGRESS, 9), new ReplyRoute("inbox", "replica-0"), 0));

        run();

        assertThat(replies).hasSize(2);
        assertThat(replies.get(1).outcome()).isEqualTo(new ReplyOutcome.BarrierPassed());
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
        assertThat(app.calls()).extracting(call -> call.record().id().number()).containsExactly(1L, 2L, 3L);
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
        Answer answer = reply.outcome().match(given -> given, () -> null, () -> null, () -> null);
        if (answer == null) {
            throw new AssertionError("no answer: " + reply);
        }
        return new String(answer.body(), StandardCharsets.US_ASCII);
    }
}

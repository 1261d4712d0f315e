package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.ingress.WaitingRead.Given;
import io.hermes.ingress.WaitingRead.Next;
import io.hermes.proto.Answer;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a read is sent ahead of its barrier, and what becomes of the answer. */
class ReadsAheadTest {

    private static final Client NOBODY = new Client() {
        @Override
        public void reply(RequestId id, Reply reply, String replica) {}

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {}

        @Override
        public void problem(Problem problem) {}
    };

    private final ReadsAhead ahead = new ReadsAhead();

    @Test
    void afterEachAnswerThatCameTooEarlyTwiceAsManyAreLetPass() {
        assertThat(Stream.generate(this::passesBeforeAnEarlyAnswer).limit(10))
                .containsExactly(0, 1, 2, 4, 8, 16, 32, 64, 64, 64);
    }

    @Test
    void answerThatCountsHasTheNextOnesSentAheadToo() {
        Stream.generate(this::passesBeforeAnEarlyAnswer).limit(5).forEach(passes -> {});
        while (!ahead.isWorthATry()) {}

        ahead.onJudged(true);

        assertThat(Stream.generate(this::passesBeforeAnEarlyAnswer).limit(3)).containsExactly(0, 1, 2);
    }

    @Test
    void firstAnswerOfATryDecides() {
        assertThat(ahead.isWorthATry()).isTrue();

        ahead.onJudged(true);
        ahead.onJudged(false);

        assertThat(ahead.isWorthATry()).isTrue();
    }

    @Test
    void answerThatComesBeforeTheBoundWaitsForIt() {
        WaitingRead read = read(ReadLevel.BARRIER);

        assertThat(read.toAhead()).isTrue();
        assertThat(read.onGiven(given(7, 1))).isEqualTo(Next.WAIT);
        assertThat(read.toBounded(7)).isEqualTo(Next.ANSWER);
        assertThat(read.given()).isNotNull();
    }

    @Test
    void answerBelowTheBoundIsAskedForAgain() {
        WaitingRead early = read(ReadLevel.BARRIER);
        WaitingRead late = read(ReadLevel.BARRIER);

        assertThat(early.onGiven(given(6, 1))).isEqualTo(Next.WAIT);
        assertThat(early.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(late.toAhead()).isTrue();
        assertThat(late.toBounded(7)).isEqualTo(Next.WAIT);
        assertThat(late.onGiven(given(6, 1))).isEqualTo(Next.SEND);
        assertThat(late.onGiven(given(7, 1))).isEqualTo(Next.ANSWER);
    }

    @Test
    void longAnswerIsNotHeld() {
        WaitingRead read = read(ReadLevel.BARRIER);

        assertThat(read.toAhead()).isTrue();
        assertThat(read.onGiven(given(7, 64 * 1024 + 1))).isEqualTo(Next.WAIT);
        assertThat(read.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(read.given()).isNull();
    }

    @Test
    void readWhoseReplicaRefusedIsSentWithItsBound() {
        WaitingRead read = read(ReadLevel.BARRIER);

        assertThat(read.toAhead()).isTrue();
        assertThat(read.toAhead()).as("twice").isFalse();
        assertThat(read.toNotAhead()).isTrue();
        assertThat(read.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(read.toNotAhead()).isFalse();
        assertThat(read.toAhead()).as("with its bound").isFalse();
    }

    @Test
    void readThatNeedsNoBarrierHasItsBound() {
        WaitingRead read = read(ReadLevel.LOCAL);

        assertThat(read.toAhead()).isFalse();
        assertThat(read.onGiven(given(0, 1))).isEqualTo(Next.ANSWER);
    }

    private int passesBeforeAnEarlyAnswer() {
        int passes = 0;
        while (!ahead.isWorthATry()) {
            passes++;
        }
        ahead.onJudged(false);
        return passes;
    }

    private static Given given(long position, int bytes) {
        return new Given(new Answer(200, List.of(), new byte[bytes]), position, "replica-0");
    }

    private static WaitingRead read(ReadLevel level) {
        Request request = new Request("GET", "/", List.of(), new byte[0]);
        return new WaitingRead(1, new Submission(request, null, "", ""), level, NOBODY, 0, 1);
    }
}

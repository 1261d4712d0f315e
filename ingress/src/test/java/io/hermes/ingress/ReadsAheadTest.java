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
    private final ByteBudget budget = new ByteBudget(100_000);

    @Test
    void afterEachAnswerOfNoUseTwiceAsManyBarriersAreLetPass() {
        assertThat(Stream.generate(this::passesBeforeATryInVain).limit(10))
                .containsExactly(0, 1, 2, 4, 8, 16, 32, 64, 64, 64);
    }

    @Test
    void answerThatCountsHasTheNextOnesSentAheadToo() {
        Stream.generate(this::passesBeforeATryInVain).limit(5).forEach(passes -> {});

        nextTry().onJudged(true);

        assertThat(Stream.generate(this::passesBeforeATryInVain).limit(3)).containsExactly(0, 1, 2);
    }

    @Test
    void firstAnswerOfATryDecides() {
        ReadsAhead.Try attempt = nextTry();

        attempt.onJudged(true);
        attempt.onJudged(false);

        assertThat(ahead.begin()).isNotNull();
    }

    @Test
    void answerThatComesBeforeTheBoundWaitsForIt() {
        WaitingRead read = aheadRead();

        assertThat(read.onGiven(given(7, 10), budget)).isEqualTo(Next.WAIT);
        assertThat(budget.taken()).isEqualTo(10);
        assertThat(read.toBounded(7)).isEqualTo(Next.ANSWER);
        assertThat(read.held()).isNotNull();
        read.toDone(budget);
        assertThat(budget.taken()).isZero();
    }

    @Test
    void answerBelowTheBoundIsAskedForAgain() {
        WaitingRead early = aheadRead();
        WaitingRead late = aheadRead();

        assertThat(early.onGiven(given(6, 1), budget)).isEqualTo(Next.WAIT);
        assertThat(early.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(late.toBounded(7)).isEqualTo(Next.WAIT);
        assertThat(late.onGiven(given(6, 1), budget)).isEqualTo(Next.SEND);
        assertThat(late.onGiven(given(7, 1), budget)).isEqualTo(Next.ANSWER);
        assertThat(ahead.begin()).as("the try was in vain").isNull();
    }

    @Test
    void tooLongAnAnswerBelowTheBoundIsNotTheLastWord() {
        WaitingRead early = aheadRead();
        WaitingRead late = aheadRead();

        assertThat(early.onTooLong(6)).isEqualTo(Next.WAIT);
        assertThat(early.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(late.toBounded(7)).isEqualTo(Next.WAIT);
        assertThat(late.onTooLong(6)).isEqualTo(Next.SEND);
        assertThat(late.onTooLong(7)).isEqualTo(Next.ANSWER);
    }

    @Test
    void longAnswerIsNotHeld() {
        WaitingRead read = aheadRead();

        assertThat(read.onGiven(given(7, 64 * 1024 + 1), budget)).isEqualTo(Next.WAIT);
        assertThat(read.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(read.held()).isNull();
        assertThat(ahead.begin()).as("the try was in vain").isNull();
    }

    @Test
    void answerThatTheBudgetDoesNotAllowIsNotHeld() {
        WaitingRead one = aheadRead();
        WaitingRead other = aheadRead();

        assertThat(one.onGiven(given(7, 60_000), budget)).isEqualTo(Next.WAIT);
        assertThat(other.onGiven(given(7, 60_000), budget)).isEqualTo(Next.WAIT);
        assertThat(one.toBounded(7)).isEqualTo(Next.ANSWER);
        assertThat(other.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(budget.taken()).isEqualTo(60_000);
    }

    @Test
    void answerToAReadThatWasNotSentAheadDecidesNothing() {
        ReadsAhead.Try attempt = nextTry();
        WaitingRead read = read(ReadLevel.BARRIER);

        assertThat(read.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(read.onGiven(given(7, 1), budget)).isEqualTo(Next.ANSWER);
        attempt.onJudged(false);

        assertThat(ahead.begin()).isNull();
    }

    @Test
    void boundOfTheClientItselfDecidesNothingAboutTheTry() {
        WaitingRead read = read(ReadLevel.BARRIER, 1_000);

        assertThat(read.toAhead(nextTry())).isTrue();
        assertThat(read.toBounded(7)).isEqualTo(Next.WAIT);
        assertThat(read.onGiven(given(7, 1), budget)).isEqualTo(Next.SEND);

        assertThat(ahead.begin()).isNotNull();
    }

    @Test
    void readWhoseReplicaRefusedIsSentWithItsBound() {
        WaitingRead read = aheadRead();

        assertThat(read.toAhead(nextTry())).as("twice").isFalse();
        assertThat(read.toNotAhead()).isTrue();
        assertThat(read.toBounded(7)).isEqualTo(Next.SEND);
        assertThat(read.toNotAhead()).isFalse();
        assertThat(read.toAhead(nextTry())).as("with its bound").isFalse();
    }

    @Test
    void readThatNobodyWaitsForHoldsNothing() {
        WaitingRead read = aheadRead();

        read.toDone(budget);

        assertThat(read.onGiven(given(7, 10), budget)).isEqualTo(Next.WAIT);
        assertThat(budget.taken()).isZero();
        assertThat(read(ReadLevel.BARRIER).isDone()).isFalse();
    }

    @Test
    void readThatNeedsNoBarrierHasItsBound() {
        WaitingRead read = read(ReadLevel.LOCAL);

        assertThat(read.toAhead(nextTry())).isFalse();
        assertThat(read.onGiven(given(0, 1), budget)).isEqualTo(Next.ANSWER);
    }

    private int passesBeforeATryInVain() {
        int passes = 0;
        ReadsAhead.Try attempt = ahead.begin();
        while (attempt == null) {
            passes++;
            attempt = ahead.begin();
        }
        attempt.onJudged(false);
        return passes;
    }

    private ReadsAhead.Try nextTry() {
        ReadsAhead.Try attempt = ahead.begin();
        while (attempt == null) {
            attempt = ahead.begin();
        }
        return attempt;
    }

    private WaitingRead aheadRead() {
        WaitingRead read = read(ReadLevel.BARRIER);
        assertThat(read.toAhead(nextTry())).isTrue();
        return read;
    }

    private static Given given(long position, int bytes) {
        return new Given(new Answer(200, List.of(), new byte[bytes]), position, "replica-0");
    }

    private static WaitingRead read(ReadLevel level) {
        return read(level, 0);
    }

    private static WaitingRead read(ReadLevel level, long minPosition) {
        Request request = new Request("GET", "/", List.of(), new byte[0]);
        Submission submission = new Submission(request, null, "", "", new ReadWish(level, minPosition));
        return new WaitingRead(1, submission, level, NOBODY, 0, 1);
    }
}

package io.hermes.applier;

import io.hermes.proto.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An app that answers every call with how many it has executed, and can be told to leave one in doubt. */
final class RecordingApp implements App, AppHost {

    private final List<AppCall> calls = new ArrayList<>();
    private int incarnations;
    private boolean alive;
    private long doubtAt = -1;
    private long alwaysDoubtAt = -1;
    private long neverExecutes = -1;
    private long stillRunsAt = -1;
    private long brokenBefore = -1;
    private boolean lateAnswers;
    private boolean keepsState;
    private long pretended;

    /** The calls that the present incarnation has executed. */
    List<AppCall> calls() {
        return calls;
    }

    int incarnations() {
        return incarnations;
    }

    /** The next time that this position comes, it is executed but not answered. */
    void doubtAt(long position) {
        doubtAt = position;
    }

    /** Each time that this position comes, it is executed but not answered. */
    void alwaysDoubtAt(long position) {
        alwaysDoubtAt = position;
    }

    /** Each time that this position comes, it dies without executing it. */
    void neverExecutes(long position) {
        neverExecutes = position;
    }

    /** The next time that this position comes, it takes too long over it. */
    void stillRunsAt(long position) {
        stillRunsAt = position;
    }

    /** When this position comes it is not sent: the answer to the one before goes on where it should have ended. */
    void brokenBefore(long position) {
        brokenBefore = position;
    }

    /** Answers of requests that were sent together come together. */
    void answerOnlyAtTheEnd() {
        lateAnswers = true;
    }

    /** The next incarnation goes on with what this one has executed. */
    void keepState() {
        keepsState = true;
    }

    /** The next incarnation has lost the last ones. */
    void loseLast(int count) {
        calls.subList(calls.size() - count, calls.size()).clear();
    }

    void die() {
        alive = false;
    }

    @Override
    public void begin() {
        if (!keepsState) {
            calls.clear();
        }
        incarnations++;
        alive = true;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public void awaitListening() {}

    @Override
    public void apply(List<AppCall> next, Answers answers) throws AppInDoubtException {
        List<Runnable> late = new ArrayList<>();
        long firstUnanswered = next.get(0).position();
        for (AppCall call : next) {
            if (call.position() == brokenBefore) {
                throw new AppInDoubtException("more than an answer", brokenBefore - 1, brokenBefore - 1);
            }
            if (call.position() == neverExecutes || call.position() == stillRunsAt) {
                boolean mayStillRun = call.position() == stillRunsAt;
                throw new AppInDoubtException("no answer", call.position(), last(next), mayStillRun);
            }
            calls.add(call);
            if (call.position() == doubtAt || call.position() == alwaysDoubtAt) {
                doubtAt = -1;
                long first = lateAnswers ? firstUnanswered : call.position();
                throw new AppInDoubtException("no answer, position " + first, first, last(next));
            }
            byte[] body = ("answer " + calls.size()).getBytes(StandardCharsets.US_ASCII);
            Runnable answer = () -> answers.onAnswer(call, new AppAnswer(new Answer(200, List.of(), body)));
            if (lateAnswers) {
                late.add(answer);
            } else {
                answer.run();
                answers.onPause();
            }
        }
        late.forEach(Runnable::run);
    }

    /** Tells a position whatever it has executed. */
    void pretendPosition(long position) {
        pretended = position;
    }

    @Override
    public long tellPosition() {
        if (pretended > 0) {
            return pretended;
        }
        return calls.isEmpty() ? 0 : calls.get(calls.size() - 1).position();
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}

    private static long last(List<AppCall> calls) {
        return calls.get(calls.size() - 1).position();
    }
}

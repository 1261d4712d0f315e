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

    void die() {
        alive = false;
    }

    @Override
    public void begin() {
        calls.clear();
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
        for (AppCall call : next) {
            calls.add(call);
            if (call.position() == doubtAt) {
                doubtAt = -1;
                throw new AppInDoubtException("no answer, position " + call.position());
            }
            String body = "answer " + calls.size();
            answers.onAnswer(call, new AppAnswer(new Answer(200, List.of(), body.getBytes(StandardCharsets.US_ASCII))));
            answers.onPause();
        }
    }

    @Override
    public void close() {}
}

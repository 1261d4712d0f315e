package io.hermes.applier;

import io.hermes.proto.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes down what an app is told to have answered. */
final class ToldAnswers implements App.Answers {

    private final List<String> told;

    private ToldAnswers(List<String> told) {
        this.told = told;
    }

    static ToldAnswers into(List<String> told) {
        return new ToldAnswers(told);
    }

    @Override
    public void onAnswer(AppCall call, AppAnswer answer) {
        Answer given = answer.answer();
        told.add(call.position() + ": "
                + (given == null ? "not kept" : new String(given.body(), StandardCharsets.ISO_8859_1)));
    }

    @Override
    public void onPause() {
        // Nothing is owed to anybody.
    }
}

package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UntakenAnswersTest {

    private final List<String> cutOff = new ArrayList<>();
    private final UntakenAnswers answers = new UntakenAnswers(100_000);

    @Test
    void answersWithinTheBoundAreLeftAlone() {
        begin("first", 40_000);
        begin("second", 40_000);

        assertThat(cutOff).isEmpty();
    }

    @Test
    void whoHasTakenLongestIsCutOff() {
        begin("first", 40_000);
        begin("second", 40_000);
        begin("third", 40_000);

        assertThat(cutOff).containsExactly("first");
    }

    @Test
    void answerThatWasTakenMakesRoom() {
        UntakenAnswers.Writing first = begin("first", 40_000);
        begin("second", 40_000);
        answers.end(first);
        begin("third", 40_000);

        assertThat(cutOff).isEmpty();
    }

    @Test
    void answerLongerThanTheBoundIsWrittenAlone() {
        begin("first", 1);
        begin("long", 200_000);

        assertThat(cutOff).containsExactly("first");
    }

    @Test
    void nothingIsLeftOnceAllAreTaken() {
        UntakenAnswers.Writing first = begin("first", 60_000);
        UntakenAnswers.Writing second = begin("second", 60_000);
        answers.end(second);
        answers.end(first);

        assertThat(answers.isEmpty()).isTrue();
        begin("third", 90_000);
        assertThat(cutOff).containsExactly("first");
    }

    private UntakenAnswers.Writing begin(String name, long bytes) {
        return answers.begin(bytes, () -> cutOff.add(name));
    }
}

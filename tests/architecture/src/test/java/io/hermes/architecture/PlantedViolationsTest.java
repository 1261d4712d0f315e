package io.hermes.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.api.Test;

/** Each rule is seen to fail on a violation that was planted for it. */
class PlantedViolationsTest {

    @Test
    void siblingIsNoticed() {
        EvaluationResult result =
                Rules.seesOnly("io.hermes.architecture.planted.ingress").evaluate(Code.planted("ingress"));

        assertThat(result.getFailureReport().toString()).contains("Peer");
    }

    @Test
    void libraryOutOfPlaceIsNoticed() {
        EvaluationResult result = Rules.libraryOnlyIn("io.hermes.architecture.planted.applier", "io.hermes.elsewhere")
                .evaluate(Code.planted("ingress"));

        assertThat(result.hasViolation()).isTrue();
    }

    @Test
    void clockIsNoticed() {
        EvaluationResult result = Rules.clocksOnlyIn("io.hermes.elsewhere").evaluate(Code.planted("ingress"));

        assertThat(result.getFailureReport().toString()).contains("currentTimeMillis");
    }

    @Test
    void clockBehindAMethodReferenceIsNoticed() {
        EvaluationResult result = Rules.clocksOnlyIn("io.hermes.elsewhere").evaluate(Code.planted("ingress"));

        assertThat(result.getFailureReport().toString()).contains("nanoTime");
    }

    @Test
    void emptyNameIsNoticed() {
        assertThat(Rules.telling().evaluate(Code.planted("names")).hasViolation())
                .isTrue();
    }

    @Test
    void getterIsNoticed() {
        assertThat(Rules.noGetters().evaluate(Code.planted("names")).hasViolation())
                .isTrue();
    }
}

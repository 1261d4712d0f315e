package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    private final ByteBudget budget = new ByteBudget(10);

    @Test
    void budgetIsNotOverdrawn() {
        assertThat(budget.tryTake(6)).isTrue();

        assertThat(budget.tryTake(5)).isFalse();
        assertThat(budget.taken()).isEqualTo(6);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertThat(budget.tryTake(10)).isTrue();

        budget.give(10);

        assertThat(budget.tryTake(10)).isTrue();
    }
}

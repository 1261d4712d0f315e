package io.hermes.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.linearizability.AppendModel.Input;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {

    private final List<Operation<Boolean, Long>> counter = new ArrayList<>();
    private final List<Operation<Input, String>> text = new ArrayList<>();

    @Test
    void operationsThatOverlapMayTakeEffectInEitherOrder() {
        increments(0, 10, 2L);
        increments(0, 10, 1L);
        reads(11, 12, 2L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.LINEARIZABLE);
    }

    @Test
    void lostIncrementIsFound() {
        increments(0, 1, 1L);
        reads(2, 3, 0L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void doubledIncrementIsFound() {
        increments(0, 1, 1L);
        reads(2, 3, 2L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void valueToldTwiceIsFound() {
        increments(0, 10, 1L);
        increments(0, 10, 1L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void valueThatGoesBackIsFound() {
        increments(0, 1, 1L);
        increments(2, 20, 2L);
        reads(3, 4, 2L);
        reads(5, 6, 1L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void unknownOperationMayTakeEffectLate() {
        increments(0, 0, null);
        reads(5, 6, 0L);
        reads(7, 8, 1L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.LINEARIZABLE);
    }

    @Test
    void unknownOperationMayNeverTakeEffect() {
        increments(0, 0, null);
        reads(5, 6, 0L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.LINEARIZABLE);
    }

    @Test
    void unknownOperationTakesEffectAtMostOnce() {
        increments(0, 0, null);
        reads(5, 6, 2L);

        assertThat(ofCounter()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void staleReadIsFound() {
        text.add(new Operation<>(0, Input.append("a;"), 0, "2", 1));
        text.add(new Operation<>(1, Input.append("b;"), 2, "4", 3));
        text.add(new Operation<>(2, Input.read(), 4, "a;", 5));

        Verdict verdict = Linearizability.check(new AppendModel(), text);

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
        assertThat(verdict.explanation()).contains("a;b;").contains("read");
    }

    @Test
    void effectBeforeItsInvocationIsFound() {
        text.add(new Operation<>(0, Input.read(), 0, "a;", 1));
        text.add(new Operation<>(1, Input.append("a;"), 2, "2", 3));

        assertThat(Linearizability.check(new AppendModel(), text).kind()).isEqualTo(Verdict.Kind.NOT_LINEARIZABLE);
    }

    @Test
    void searchAgreesWithTryingEveryOrder() {
        int wrong = 0;
        for (long seed = 1; seed <= 3_000; seed++) {
            Random random = new Random(seed);
            List<Operation<Boolean, Long>> history = history(random, 1 + random.nextInt(6), 0.2);
            if (random.nextBoolean()) {
                mutate(history, random);
            }
            boolean explained = explains(new CounterModel(), history, 0L);
            wrong += explained ? 0 : 1;

            assertThat(Linearizability.check(new CounterModel(), history).kind() == Verdict.Kind.LINEARIZABLE)
                    .as("seed %d: %s", seed, history)
                    .isEqualTo(explained);
        }
        assertThat(wrong).isBetween(300, 2_700);
    }

    @Test
    void longHistoryWithUnknownOperationsIsCheckedInSeconds() {
        for (int key = 0; key < 200; key++) {
            List<Operation<Boolean, Long>> history = history(new Random(key), 100, 0.03);

            assertThat(Linearizability.check(new CounterModel(), history).kind())
                    .isEqualTo(Verdict.Kind.LINEARIZABLE);
        }
    }

    private void increments(long invoked, long returned, @Nullable Long output) {
        counter.add(new Operation<>(counter.size(), true, invoked, output, returned));
    }

    private void reads(long invoked, long returned, Long output) {
        counter.add(new Operation<>(counter.size(), false, invoked, output, returned));
    }

    private Verdict.Kind ofCounter() {
        return Linearizability.check(new CounterModel(), counter).kind();
    }

    /** What clients of an honest counter could see: each operation takes effect at a moment between question and answer. */
    private static List<Operation<Boolean, Long>> history(Random random, int size, double unknown) {
        record Planned(long invoked, long effect, long returned, boolean increments, boolean unknown) {}
        List<Planned> plan = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            long invoked = i * 10L + random.nextInt(10);
            long effect = invoked + 1 + random.nextInt(80);
            plan.add(new Planned(
                    invoked,
                    effect,
                    effect + 1 + random.nextInt(40),
                    random.nextBoolean(),
                    random.nextDouble() < unknown));
        }
        plan.sort(Comparator.comparingLong(Planned::effect));
        List<Operation<Boolean, Long>> history = new ArrayList<>();
        long value = 0;
        for (Planned each : plan) {
            boolean happens = !each.unknown() || random.nextBoolean();
            value += happens && each.increments() ? 1 : 0;
            history.add(new Operation<>(
                    history.size(), each.increments(), each.invoked(), each.unknown() ? null : value, each.returned()));
        }
        return history;
    }

    private static void mutate(List<Operation<Boolean, Long>> history, Random random) {
        int at = random.nextInt(history.size());
        Operation<Boolean, Long> old = history.get(at);
        Long output = old.output();
        if (output != null) {
            history.set(
                    at,
                    new Operation<>(
                            old.client(),
                            old.input(),
                            old.invokedNanos(),
                            output + (random.nextBoolean() ? 1 : -1),
                            old.returnedNanos()));
        }
    }

    /** By trying every order, and for each unknown operation also that it never happens. */
    private static <S, I, O> boolean explains(Model<S, I, O> model, List<Operation<I, O>> left, S state) {
        if (left.stream().noneMatch(operation -> operation.output() != null)) {
            return true;
        }
        long firstReturn = left.stream()
                .filter(operation -> operation.output() != null)
                .mapToLong(Operation::returnedNanos)
                .min()
                .orElse(Long.MAX_VALUE);
        for (Operation<I, O> next : left) {
            if (next.invokedNanos() <= firstReturn) {
                Optional<S> after = model.step(state, next.input(), next.output());
                List<Operation<I, O>> rest = new ArrayList<>(left);
                rest.remove(next);
                if (after.isPresent() && explains(model, rest, after.get())) {
                    return true;
                }
            }
        }
        return false;
    }
}

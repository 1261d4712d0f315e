package io.hermes.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The promises under many schedules. Runs other seeds with {@code -Dsimulation.from=N -Dsimulation.seeds=M}. */
class SimulationTest {

    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1_000);

    @Test
    void promisesHoldUnderEverySchedule() {
        long acknowledged = 0;
        long refused = 0;
        long unknown = 0;
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            Judge judge = run(seed, Plan.usual());
            acknowledged += judge.acknowledged();
            refused += judge.refused();
            unknown += judge.unknown();
        }
        System.out.printf(
                "simulation: %d seeds from %d, %d acknowledged, %d refused, %d unknown%n",
                SEEDS, FROM, acknowledged, refused, unknown);
        assertThat(acknowledged).isGreaterThan(10L * SEEDS);
    }

    @Test
    void sameSeedIsTheSameStory() {
        Judge once = run(FROM, Plan.usual());
        Judge again = run(FROM, Plan.usual());

        assertThat(again.acknowledged()).isEqualTo(once.acknowledged());
        assertThat(again.refused()).isEqualTo(once.refused());
    }

    @Test
    void appThatKeepsItsStateAcrossIncarnationsIsFound() {
        assertThatThrownBy(() -> runSome(Plan.usual().withoutWiping())).isInstanceOf(Violation.class);
    }

    @Test
    void logThatDeliversInAnotherOrderToSomeIsFound() {
        // By the judge, or by the replica that is given a position after a higher one.
        assertThatThrownBy(() -> runSome(Plan.usual().withDishonestLog()))
                .isInstanceOfAny(Violation.class, IllegalStateException.class);
    }

    private static void runSome(Plan plan) {
        for (long seed = 1; seed <= 20; seed++) {
            Judge judge = new World(seed, plan).run();
            assertThat(judge.acknowledged()).isNotNegative();
        }
    }

    private static Judge run(long seed, Plan plan) {
        try {
            return new World(seed, plan).run();
        } catch (Violation | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "; run it again with: mvn verify -pl tests/simulation -am"
                            + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.from=" + seed
                            + " -Dsimulation.seeds=1",
                    e);
        }
    }
}

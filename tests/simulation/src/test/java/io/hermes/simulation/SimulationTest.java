package io.hermes.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promises under many schedules. Runs other seeds with {@code -Dsimulation.from=N -Dsimulation.seeds=M}. */
class SimulationTest {

    private static final long FROM = Long.getLong("simulation.from", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1_000);

    @Test
    void promisesHoldUnderEverySchedule() {
        long acknowledged = 0;
        long refused = 0;
        long unknown = 0;
        long cancelled = 0;
        long ordered = 0;
        long past = 0;
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            Judge judge = run(seed, Plan.usual());
            acknowledged += judge.acknowledged();
            refused += judge.refused();
            unknown += judge.unknown();
            cancelled += judge.cancelled();
            ordered += judge.orderedReads();
            past += judge.readsPastTheLog();
        }
        System.out.printf(
                "simulation: %d seeds from %d, %d acknowledged, %d refused, %d unknown, %d cancelled,"
                        + " %d reads past the log, %d reads through it%n",
                SEEDS, FROM, acknowledged, refused, unknown, cancelled, past, ordered);
        assertThat(past).isGreaterThan(SEEDS);
        assertThat(ordered).isGreaterThan(SEEDS);
        assertThat(acknowledged).isGreaterThan(10L * SEEDS);
    }

    @Test
    void sameSeedIsTheSameStory() {
        Judge once = run(FROM, Plan.usual());
        Judge again = run(FROM, Plan.usual());

        assertThat(again.acknowledged()).isEqualTo(once.acknowledged());
        assertThat(again.refused()).isEqualTo(once.refused());
    }

    @ParameterizedTest
    @EnumSource(
            value = Plan.Bug.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "EVICTION_BY_WALL_CLOCK", "BARRIER_ONE_TOO_EARLY", "NOTHING_IS_COMPARED"})
    void plantedBugIsFound(Plan.Bug bug) {
        // By the judge, or by the replica that is given a position after a higher one.
        assertThatThrownBy(() -> runSome(Plan.usual().with(bug)))
                .isInstanceOfAny(Violation.class, IllegalStateException.class);
    }

    /** Rare: a replica has to stand right before the request that a client knows of, and that one right before the barrier. */
    @Test
    void barrierThatIsOneTooEarlyIsFound() {
        assertThatThrownBy(() -> runSome(Plan.usual().with(Plan.Bug.BARRIER_ONE_TOO_EARLY), 1_000))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("ReadsAreFresh");
    }

    @Test
    void evictionByWallClockIsFound() {
        assertThatThrownBy(() -> runSome(Plan.usual().withShortWindow().with(Plan.Bug.EVICTION_BY_WALL_CLOCK)))
                .isInstanceOf(Violation.class);
    }

    @Test
    void copyThatAnswersOtherwiseIsFoundAndRebuiltUnderEverySchedule() {
        for (long seed = FROM; seed < FROM + Math.max(1, SEEDS / 10); seed++) {
            Judge judge = run(seed, Plan.usual().withDifference());
            assertThat(judge.acknowledged()).isPositive();
        }
    }

    @Test
    void copyThatAnswersOtherwiseStaysIfNothingIsCompared() {
        Plan plan = Plan.usual().withDifference().with(Plan.Bug.NOTHING_IS_COMPARED);

        assertThatThrownBy(() -> new World(FROM, plan).run()).isInstanceOf(Violation.class);
    }

    @Test
    void evictionByLogTimeLeavesReplicasEqual() {
        runSome(Plan.usual().withShortWindow());
    }

    private static void runSome(Plan plan) {
        runSome(plan, 60);
    }

    private static void runSome(Plan plan, int seeds) {
        for (long seed = 1; seed <= seeds; seed++) {
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

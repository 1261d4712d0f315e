package io.hermes.simulation;

/**
 * How bad the world is.
 *
 * @param steps before it becomes quiet
 * @param appDeath probability that an app dies at a request
 * @param crash probability that a process crashes at a step
 * @param loss probability that an append or a reply is lost
 * @param shortWindow whether keys are forgotten so soon that a repeat may be applied again
 * @param differs whether one copy of the service once answers otherwise than the others
 * @param bug planted
 */
record Plan(int steps, double appDeath, double crash, double loss, boolean shortWindow, boolean differs, Bug bug) {

    /** What may be wrong with Hermes itself, to see that it would be found. */
    enum Bug {
        NONE,
        /** A new incarnation of a disposable app begins with what the last one had. */
        NOTHING_IS_WIPED,
        /** Some readers see another order. */
        LOG_REORDERS,
        /** A checkpoint leaves out entries of the duplicate table. */
        FORGOTTEN_ENTRY,
        /** Replicas forget keys by their own clocks. */
        EVICTION_BY_WALL_CLOCK,
        /** A checkpoint claims what was not applied yet. */
        CHECKPOINT_BEFORE_APPLY,
        /** Reads that ask for a barrier are executed without one. */
        READ_WITHOUT_BARRIER,
        /** Reads that ask for a barrier are given to replicas that have all before it but the last record. */
        BARRIER_ONE_TOO_EARLY,
        /** Replicas do not compare their answers. */
        NOTHING_IS_COMPARED,
        /** A request whose append is unknown is appended again as another one. */
        ASK_AGAIN_WITH_NEW_ID
    }

    static Plan usual() {
        return new Plan(4_000, 0.01, 0.002, 0.03, false, false, Bug.NONE);
    }

    Plan with(Bug planted) {
        return new Plan(steps, appDeath, crash, loss, shortWindow, differs, planted);
    }

    Plan withShortWindow() {
        return new Plan(steps, appDeath, crash, loss, true, differs, bug);
    }

    /** One copy differs. Nothing crashes: a copy that begins anew for another reason would be as good as rebuilt. */
    Plan withDifference() {
        return new Plan(steps, 0, 0, loss, shortWindow, true, bug);
    }

    boolean wipes() {
        return bug != Bug.NOTHING_IS_WIPED;
    }

    Plan quiet() {
        return new Plan(0, 0, 0, 0, shortWindow, differs, bug);
    }
}

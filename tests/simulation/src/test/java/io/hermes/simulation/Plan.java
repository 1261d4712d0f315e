package io.hermes.simulation;

/**
 * How bad the world is.
 *
 * @param steps before it becomes quiet
 * @param appDeath probability that an app dies at a request
 * @param crash probability that a process crashes at a step
 * @param loss probability that an append or a reply is lost
 * @param wipes whether a new incarnation of an app begins with nothing; false is a planted bug
 * @param honestLog whether every reader sees the same order; false is a planted bug
 */
record Plan(int steps, double appDeath, double crash, double loss, boolean wipes, boolean honestLog) {

    static Plan usual() {
        return new Plan(4_000, 0.01, 0.002, 0.03, true, true);
    }

    Plan withoutWiping() {
        return new Plan(steps, appDeath, crash, loss, false, honestLog);
    }

    Plan withDishonestLog() {
        return new Plan(steps, appDeath, crash, loss, wipes, false);
    }

    Plan quiet() {
        return new Plan(0, 0, 0, 0, wipes, honestLog);
    }
}

package io.hermes.check;

import java.nio.file.Path;
import java.util.Set;

/**
 * What distinguishes one run of the app from the others, though its requests are the same.
 *
 * @param number from 1
 * @param port that it listened on
 * @param replica what {@code {replica}} was replaced by
 * @param directory that it worked in
 * @param pids of its processes
 * @param startMillis when it was started, by this machine's clock
 */
record RunFacts(int number, int port, String replica, Path directory, Set<Long> pids, long startMillis) {

    String name() {
        return "run " + number;
    }
}

package io.hermes.loadgen;

import java.time.Duration;

/**
 * One run against one server.
 *
 * @param target the server
 * @param workload what is asked
 * @param clients connections, each with at most one request under way
 * @param ratePerSecond requests due in a second, whatever becomes of earlier ones (open loop); 0: each client asks again when it
 *     was answered (closed loop)
 * @param thinkingTime of a client between an answer and its next request, in the closed loop
 * @param warmUp before anything is recorded
 * @param duration of what is recorded
 * @param timeout after which a request without an answer is an error; in the open loop counted from when it was due
 */
record LoadConfig(
        Target target,
        Workload workload,
        int clients,
        double ratePerSecond,
        Duration thinkingTime,
        Duration warmUp,
        Duration duration,
        Duration timeout) {

    private static final int CLIENTS_MAX = 20_000;

    LoadConfig {
        if (clients < 1 || clients > CLIENTS_MAX) {
            throw BenchException.usage("--n-processes " + clients + " is not between 1 and " + CLIENTS_MAX);
        }
        if (ratePerSecond < 0 || ratePerSecond > 10_000_000) {
            throw BenchException.usage("--rate " + ratePerSecond + " is not between 0 and 10000000");
        }
        if (thinkingTime.isNegative() || warmUp.isNegative()) {
            throw BenchException.usage("a time is negative");
        }
        if (duration.isNegative() || duration.isZero() || timeout.isNegative() || timeout.isZero()) {
            throw BenchException.usage("--duration and --timeout have to be more than 0");
        }
    }

    boolean isOpenLoop() {
        return ratePerSecond > 0;
    }

    LoadConfig withWorkload(Workload other) {
        return new LoadConfig(target, other, clients, ratePerSecond, thinkingTime, warmUp, duration, timeout);
    }
}

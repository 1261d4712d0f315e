package io.hermes.loadgen;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The experiment.
 *
 * @param clients of the points, one after another
 * @param readPercents of the points
 * @param workload of each point, but for its share of reads
 * @param thinkingTime of each client
 * @param firstWarmUp of a deployment, with most clients, before its first point
 * @param warmUp of each point
 * @param duration of each point
 * @param pause between points
 * @param timeout of a request
 * @param directory for the results
 * @param withLatencies whether a line per answer is kept
 */
record GridPlan(
        List<Integer> clients,
        List<Integer> readPercents,
        Workload workload,
        Duration thinkingTime,
        Duration firstWarmUp,
        Duration warmUp,
        Duration duration,
        Duration pause,
        Duration timeout,
        Path directory,
        boolean withLatencies) {

    GridPlan {
        clients = List.copyOf(clients);
        readPercents = List.copyOf(readPercents);
        if (clients.isEmpty() || readPercents.isEmpty()) {
            throw BenchException.usage("--clients and --read-rates need at least one number each");
        }
        if (pause.isNegative()) {
            throw BenchException.usage("--pause is negative");
        }
        if (firstWarmUp.isNegative()) {
            throw BenchException.usage("--first-warm-up is negative");
        }
        // Their own bounds, before an hour has gone by.
        for (int count : clients) {
            for (int percent : readPercents) {
                config(
                        new Target("localhost", 1),
                        workload.withReadPercent(percent),
                        count,
                        thinkingTime,
                        warmUp,
                        duration,
                        timeout);
            }
        }
    }

    List<GridPoint> points(Scenario scenario) {
        List<GridPoint> points = new ArrayList<>();
        for (int percent : readPercents) {
            for (int count : clients) {
                points.add(new GridPoint(scenario, percent, count));
            }
        }
        return points;
    }

    LoadConfig config(GridPoint point, Target target) {
        return config(
                target,
                workload.withReadPercent(point.readPercent()),
                point.clients(),
                thinkingTime,
                warmUp,
                duration,
                timeout);
    }

    /** Half reads, by as many clients as any point has, so that whatever is compiled at run time is compiled for all of them. */
    LoadConfig firstWarmUp(Target target) {
        return config(
                target,
                workload.withReadPercent(50),
                Collections.max(clients),
                thinkingTime,
                Duration.ZERO,
                firstWarmUp,
                timeout);
    }

    private static LoadConfig config(
            Target target,
            Workload workload,
            int clients,
            Duration thinkingTime,
            Duration warmUp,
            Duration duration,
            Duration timeout) {
        return new LoadConfig(target, workload, clients, 0, thinkingTime, warmUp, duration, timeout);
    }
}

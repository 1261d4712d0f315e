package io.hermes.loadgen;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the experiment: one scenario after the other, each point in turn, and at the end compares the replicas. */
final class Grid {

    private final GridPlan plan;
    private final WorkloadOptions options;
    private final GridResults results;
    private final @Nullable CheckCommand check;
    private final Progress progress;
    private final Interruption interruption;

    /**
     * Runs nothing yet.
     *
     * @param check compares the replicas, instead of what the deployment knows about itself
     */
    Grid(
            GridPlan plan,
            WorkloadOptions options,
            GridResults results,
            @Nullable CheckCommand check,
            Progress progress,
            Interruption interruption) {
        this.plan = plan;
        this.options = options;
        this.results = results;
        this.check = check;
        this.progress = progress;
        this.interruption = interruption;
    }

    /** Runs all scenarios; a failure of one, or of a point in it, leaves the others to run. */
    void run(Map<Scenario, Supplier<Deployment>> deployments) {
        deployments.forEach((scenario, deployment) -> {
            if (!interruption.isTold()) {
                runScenario(scenario, deployment);
            }
        });
    }

    private void runScenario(Scenario scenario, Supplier<Deployment> starter) {
        try (Deployment deployment = starter.get()) {
            if (!plan.firstWarmUp().isZero()) {
                warmUp(scenario, deployment);
            }
            boolean first = true;
            for (GridPoint point : plan.points(scenario)) {
                if (!first) {
                    interruption.sleep(plan.pause().toMillis());
                }
                if (interruption.isTold()) {
                    return;
                }
                runPoint(point, deployment);
                first = false;
            }
            if (scenario == Scenario.REPLICATED && !interruption.isTold()) {
                Verdict verdict = check == null ? deployment.check() : check.run();
                System.out.println("replicas " + verdict);
                results.onVerdict(scenario, verdict);
            }
        } catch (BenchException e) {
            System.err.println("hermes: " + e.getMessage());
            results.onFailure(scenario.id(), String.valueOf(e.getMessage()));
        }
    }

    private void warmUp(Scenario scenario, Deployment deployment) {
        LoadConfig config = plan.firstWarmUp(deployment.target());
        config = config.withWorkload(options.prepared(config.target(), config.workload()));
        runs(deployment).run(scenario.id() + ", warm-up, counts for nothing", config, RunFiles.Paths.NONE, false);
    }

    private Runs runs(Deployment deployment) {
        return new Runs(new CpuMeter(deployment.cpu()), null, interruption, progress);
    }

    private void runPoint(GridPoint point, Deployment deployment) {
        try {
            deployment.refresh();
            LoadConfig config = plan.config(point, deployment.target());
            config = config.withWorkload(options.prepared(config.target(), config.workload()));
            RunFiles.Paths paths = point.paths(plan.directory(), plan.withLatencies());
            results.onResult(point, runs(deployment).run(point.title(), config, paths, false));
        } catch (BenchException e) {
            System.err.println("hermes: " + point.title() + ": " + e.getMessage());
            results.onFailure(point.title(), String.valueOf(e.getMessage()));
        }
    }

    /** How long the points take, warm-ups and pauses included. */
    static Duration duration(GridPlan plan, int scenarios) {
        long points = (long) plan.clients().size() * plan.readPercents().size() * scenarios;
        return plan.warmUp()
                .plus(plan.duration())
                .plus(plan.pause())
                .multipliedBy(points)
                .plus(plan.firstWarmUp().multipliedBy(scenarios));
    }
}

package io.hermes.loadgen;

import java.util.List;

/** One that others started and will end. */
final class ExistingDeployment implements Deployment {

    private final Target target;

    ExistingDeployment(Target target) {
        target.requireListening();
        this.target = target;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public List<CpuGroup> cpu() {
        return List.of();
    }

    @Override
    public void refresh() {
        // Not ours to start anew.
    }

    @Override
    public Verdict check() {
        return Verdict.notCompared("the deployment is not ours: give --check");
    }

    @Override
    public void close() {
        // Not ours to end.
    }
}

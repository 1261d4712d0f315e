package io.hermes.applier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts together what one kind of app needs: the one place that knows all kinds. */
public final class ReplicaAssembly {

    private static final String JOURNAL = "calls";

    private ReplicaAssembly() {}

    /**
     * What a person found out about a request in doubt.
     *
     * @param position of the request
     * @param executed whether the app has executed it
     */
    public record Resolution(long position, boolean executed) {}

    /**
     * Makes the parts; nothing runs yet.
     *
     * @param config of the app
     * @param run unique among all runs of appliers
     * @param stateDirectory where the applier keeps its own notes; exists
     * @param inDoubt for an external app
     * @param resolution for an external app with a request in doubt; else null
     * @param failpoints where tests end this process
     * @param nanoClock for time-outs
     * @return for one loop
     * @throws IOException if the journal cannot be opened
     * @throws IllegalArgumentException if there is nothing to resolve
     */
    public static ApplyLoop.Replica assemble(
            AppConfig config,
            String run,
            Path stateDirectory,
            ExternalContinuity.InDoubt inDoubt,
            @Nullable Resolution resolution,
            Failpoints failpoints,
            LongSupplier nanoClock)
            throws IOException {
        if (resolution != null && config.kind() != AppKind.EXTERNAL) {
            throw new IllegalArgumentException("--resolve is for app.kind: external; no other kind is ever in doubt");
        }
        AppHost host = host(config, run, nanoClock);
        App app = config.connections() == 1
                ? new HttpAppClient(config, host::isAlive, nanoClock)
                : new ParallelAppClient(config, host::isAlive, nanoClock);
        Continuity continuity =
                switch (config.kind()) {
                    case DISPOSABLE -> new DisposableContinuity();
                    case POSITION_AWARE -> new AwareContinuity(app, config.isAttached());
                    case EXTERNAL -> external(stateDirectory, inDoubt, resolution);
                };
        return new ApplyLoop.Replica(
                host,
                app,
                continuity,
                new FileCheckpointStore(stateDirectory, failpoints),
                failpoints,
                alive -> new HttpAppClient(config, alive, nanoClock));
    }

    private static AppHost host(AppConfig config, String run, LongSupplier nanoClock) {
        if (config.isAttached()) {
            return new AttachedAppHost();
        }
        Path gate = config.gateDirectory();
        return gate == null ? new ProcessAppHost(config) : new GateAppHost(gate, new IncarnationNames(run), nanoClock);
    }

    private static Continuity external(
            Path stateDirectory, ExternalContinuity.InDoubt inDoubt, @Nullable Resolution resolution)
            throws IOException {
        CallJournal journal = CallJournal.open(stateDirectory.resolve(JOURNAL));
        if (resolution != null) {
            journal.resolve(resolution.position(), resolution.executed());
        }
        return new ExternalContinuity(journal, inDoubt);
    }

    /** A name for each incarnation that one run of the applier asks for. Used by the loop's thread. */
    private static final class IncarnationNames implements Supplier<String> {
        private final String run;
        private long count;

        IncarnationNames(String run) {
            this.run = run;
        }

        @Override
        public String get() {
            count++;
            return run + "." + count;
        }
    }
}

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
     * @param snapshots how snapshots are taken and kept
     * @param replica its name
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
            SnapshotConfig snapshots,
            String replica,
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
        Snapshots keeping = snapshots(config, app, snapshots, replica, failpoints, nanoClock);
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
                alive -> new HttpAppClient(config, alive, nanoClock),
                keeping);
    }

    private static Snapshots snapshots(
            AppConfig app,
            App client,
            SnapshotConfig config,
            String replica,
            Failpoints failpoints,
            LongSupplier nanoClock) {
        InitialState initial = app.initialState();
        InitialState ofSnapshot = initial != null && initial.isOfSnapshot() ? initial : null;
        if (config.via() == SnapshotConfig.Via.NONE) {
            if (ofSnapshot != null) {
                throw new IllegalArgumentException("app.initial-state is a file, " + ofSnapshot.path()
                        + ": set snapshot.via to what it was taken with, or name a folder");
            }
            return Snapshots.none();
        }
        boolean aware = app.kind() == AppKind.POSITION_AWARE;
        if (app.kind() == AppKind.EXTERNAL) {
            throw new IllegalArgumentException(
                    "snapshot.via is not for app.kind: external: somebody else looks after that"
                            + " app's state, so remove snapshot.via");
        }
        if (aware
                && (app.command().isEmpty()
                        || config.via() != SnapshotConfig.Via.DIRECTORY
                        || !config.folder().isEmpty())) {
            throw new IllegalArgumentException(
                    "with app.kind: position-aware snapshots are for apps that app.command starts,"
                            + " and are of the whole app.directory: set snapshot.via: directory without snapshot.directory, or remove"
                            + " snapshot.via");
        }
        if (config.via() != SnapshotConfig.Via.HTTP && app.gateDirectory() != null) {
            throw new IllegalArgumentException(
                    "snapshot.via needs an app that app.command starts: with app.gate-directory,"
                            + " whose app runs elsewhere, only http will do");
        }
        AppState state =
                switch (config.via()) {
                    case DIRECTORY -> new DirectoryState(app.directory(), config.folder(), aware);
                    case HTTP -> new HttpState(config.http(), app, config.timeout(), client::close);
                    case COMMAND -> new CommandState(config.command(), app.directory(), config.timeout());
                    case NONE -> throw new IllegalStateException("asked above");
                };
        return new KeptSnapshots(state, ofSnapshot, replica, config, failpoints, nanoClock);
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

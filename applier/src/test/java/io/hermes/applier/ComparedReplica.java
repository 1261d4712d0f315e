package io.hermes.applier;

import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Answer;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Header;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One replica over the log in memory, whose app can be told to answer wrongly; stepped by hand. */
final class ComparedReplica implements AutoCloseable {

    /** Whether an incarnation of the app answers a request otherwise than it should. */
    interface Wrong {
        Wrong NEVER = (incarnation, number) -> false;
        /** One answer is wrong, and the next incarnation answers as it should. */
        Wrong ONCE = (incarnation, number) -> incarnation == 1 && number == 6;
        /** From some answer on all are wrong, in each incarnation. */
        Wrong ALWAYS = (incarnation, number) -> number >= 6;
        /** No answer is as it should be. */
        Wrong CLOCK = (incarnation, number) -> true;

        boolean at(int incarnation, int number);
    }

    private final String name;
    private final MemoryLogBackend backend;
    private final ComparedApp app;
    private final TreeMap<Long, Checkpoint> checkpoints = new TreeMap<>();
    private final List<ReplicaState> states = new ArrayList<>();
    private ApplierConfig config;
    private int runs;
    private @Nullable Path snapshots;
    private Executor finishing = Runnable::run;
    private ApplyLoop loop;
    private ReplicaStatus status = ReplicaStatus.NOTHING_YET;
    private long nanos;

    ComparedReplica(MemoryCluster cluster, String name, boolean aware, Wrong wrong) {
        this.name = name;
        this.backend = new MemoryLogBackend(cluster);
        this.app = new ComparedApp(aware, wrong);
        this.config = ApplierConfig.of(name, new Incarnation(name + "-0"));
        this.loop = newLoop();
    }

    /** From the next start on it takes snapshots when it is asked; what is left to do of one is done when somebody says so. */
    ComparedReplica withSnapshots(Path folder, Executor finishingBy) {
        snapshots = folder;
        finishing = finishingBy;
        return this;
    }

    /** Once its app was wrong, it goes on being so, as does one that is given its state. */
    ComparedReplica thatStaysWrong() {
        app.staysWrong = true;
        return this;
    }

    ComparedReplica with(Settings settings, String version, @Nullable Path directory, int batchBytes) {
        config = config.withPace(batchBytes, Duration.ZERO, Duration.ofMillis(1))
                .withSettings(settings)
                .withDivergence(new DivergenceConfig(version, directory));
        restart();
        return this;
    }

    /** The applier ends, and begins anew. */
    void restart() {
        loop.close();
        config = new ApplierConfig(
                name,
                new Incarnation(name + "-" + ++runs),
                config.batchBytesMax(),
                config.readWait(),
                config.checkpointInterval(),
                config.settings(),
                config.initialState(),
                config.divergence());
        loop = newLoop();
    }

    /** The app ends. */
    void killApp() {
        app.alive = false;
    }

    void step() {
        nanos += 50_000_000;
        loop.doWork();
        if (status.state() == ReplicaState.STARTING) {
            nanos += Duration.ofSeconds(6).toNanos();
        }
    }

    ReplicaStatus status() {
        return status;
    }

    String alarm() {
        return status.divergence().alarm();
    }

    List<ReplicaState> states() {
        return states;
    }

    int appIncarnations() {
        return app.incarnations;
    }

    @Override
    public void close() {
        loop.close();
    }

    private ApplyLoop newLoop() {
        CheckpointStore store = new CheckpointStore() {
            @Override
            public @Nullable Checkpoint newestThrough(long executedThrough, String logIdentity) {
                return checkpoints.descendingMap().values().stream()
                        .filter(one -> one.executedThrough() <= executedThrough)
                        .findFirst()
                        .orElse(null);
            }

            @Override
            public void write(Checkpoint checkpoint) {
                checkpoints.put(checkpoint.position(), checkpoint);
            }
        };
        return new ApplyLoop(
                backend.log(),
                backend.replies(),
                new ApplyLoop.Replica(
                        app,
                        app,
                        app.aware ? new AwareContinuity(app, false) : new DisposableContinuity(),
                        store,
                        Failpoints.NONE,
                        null,
                        snapshots()),
                config,
                this::onStatus,
                () -> nanos);
    }

    private Snapshots snapshots() {
        Path folder = snapshots;
        if (folder == null) {
            return Snapshots.none();
        }
        KeptSnapshots made = new KeptSnapshots(
                app,
                null,
                name,
                SnapshotSamples.config(folder, SnapshotConfig.Due.NEVER),
                Failpoints.NONE,
                () -> nanos);
        try {
            made.open(finishing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    private void onStatus(ReplicaStatus next) {
        status = next;
        if (states.isEmpty() || states.get(states.size() - 1) != next.state()) {
            states.add(next.state());
        }
    }

    /** Counts. */
    private static final class ComparedApp implements App, FilledHost, AppState {

        private final boolean aware;
        private final Wrong wrong;
        private final List<Long> executed = new ArrayList<>();
        private int incarnations;
        private boolean alive;
        private boolean staysWrong;
        private boolean isWrong;

        ComparedApp(boolean aware, Wrong wrong) {
            this.aware = aware;
            this.wrong = wrong;
        }

        @Override
        public void begin() {
            if (!aware) {
                executed.clear();
                isWrong = false;
            }
            incarnations++;
            alive = true;
        }

        @Override
        public void save(Path file) throws IOException {
            Files.write(
                    file,
                    Stream.concat(Stream.of("" + isWrong), executed.stream().map(String::valueOf))
                            .toList());
        }

        @Override
        public void restoreWhenListening(Path file) throws IOException {
            List<String> lines = Files.readAllLines(file);
            isWrong = Boolean.parseBoolean(lines.get(0));
            lines.stream().skip(1).map(Long::valueOf).forEach(executed::add);
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public void awaitListening() {}

        @Override
        public void apply(List<AppCall> calls, Answers answers) {
            for (AppCall call : calls) {
                executed.add(call.position());
                boolean wrongNow = isWrong || wrong.at(incarnations, executed.size());
                isWrong = wrongNow && staysWrong;
                String body = "answer " + executed.size() + (wrongNow ? "!" : "");
                // A field that is not compared.
                Header date = new Header("Date", "run " + incarnations);
                answers.onAnswer(
                        call, new AppAnswer(new Answer(200, List.of(date), body.getBytes(StandardCharsets.US_ASCII))));
            }
        }

        @Override
        public long tellPosition() {
            return executed.isEmpty() ? 0 : executed.get(executed.size() - 1);
        }

        @Override
        public void stop() {}

        @Override
        public void close() {}
    }
}

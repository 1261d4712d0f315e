package io.hermes.simulation;

import io.hermes.applier.ApplierConfig;
import io.hermes.applier.ApplyLoop;
import io.hermes.applier.AwareContinuity;
import io.hermes.applier.CheckpointStore;
import io.hermes.applier.DisposableContinuity;
import io.hermes.applier.Failpoints;
import io.hermes.applier.ReadLoop;
import io.hermes.applier.ReplicaStatus;
import io.hermes.ingress.Client;
import io.hermes.ingress.Clocks;
import io.hermes.ingress.IngressConfig;
import io.hermes.ingress.IngressCore;
import io.hermes.ingress.ReadWish;
import io.hermes.ingress.Submission;
import io.hermes.log.LogBackend;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryEvent;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.log.memory.MemoryScheduler;
import io.hermes.log.tck.Fault;
import io.hermes.log.tck.FaultyLogBackend;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.Routes;
import io.hermes.proto.Settings;
import io.hermes.proto.Windows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Two ingresses, three replicas and a log, moved by one thread in the order that a seed chooses. */
final class World {

    private static final int INGRESSES = 2;
    private static final int REPLICAS = 3;
    private static final int QUIET_STEPS_MAX = 200_000;
    private static final int STEP_NANOS_MAX = 4_000_000;
    /** Keys are forgotten after less than a second of log time. */
    private static final Settings SHORT_WINDOW =
            new Settings(1, 1, 1_000, Duration.ofMillis(400), 1_000, Duration.ofMillis(600), 1 << 20);

    private static final Settings LONG_WINDOW =
            new Settings(1, 1, 1_000_000, Duration.ofHours(24), 1_000_000, Duration.ofMinutes(10), 64L << 20);

    private static final int WINDOW = 8;
    /** The copy that differs does so once there are windows, and early enough for its window to end. */
    private static final int DIFFERENCE_MIN = 24;

    private static final int DIFFERENCE_MAX = 64;

    private static final long PAUSE_NANOS_MAX = 3_000_000_000L;

    private final Random random;
    private final Judge judge;
    private final List<MemoryEvent> pending = new ArrayList<>();
    private final MemoryCluster cluster;
    private final AtomicInteger readers = new AtomicInteger();
    private final List<IngressCore> ingresses = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedReader> asking = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private Plan plan;
    private @Nullable Replica differing;
    private long nanos = 1;
    private int incarnations;
    private int requests;

    /** One replica: its loop, its app, and what it last told. */
    private static final class Replica {
        private final String name;
        private final Incarnation incarnation;
        private final SimulatedApp app;
        private final SimulatedDisk disk;
        private final LogBackend backend;
        private ApplyLoop loop;
        private final ReadLoop reads;
        private @Nullable ReplicaStatus status;
        private boolean quarantined;
        private long noticedNanos;
        private long pausedUntilNanos;

        Replica(
                String name,
                Incarnation incarnation,
                SimulatedApp app,
                SimulatedDisk disk,
                LogBackend backend,
                ApplyLoop loop,
                ReadLoop reads) {
            this.name = name;
            this.incarnation = incarnation;
            this.app = app;
            this.disk = disk;
            this.backend = backend;
            this.loop = loop;
            this.reads = reads;
        }
    }

    World(long seed, Plan plan) {
        this.random = new Random(seed);
        this.plan = plan;
        this.judge = new Judge(plan.shortWindow());
        MemoryScheduler scheduler = event -> {
            if (event.kind() == MemoryEvent.Kind.NOTICE) {
                event.happen();
            } else {
                pending.add(event);
            }
        };
        this.cluster = new MemoryCluster("simulated", 1 << 20, scheduler, () -> 1 + random.nextInt(2));
        for (int i = 0; i < INGRESSES; i++) {
            ingresses.add(newIngress(i));
        }
        for (int i = 0; i < REPLICAS; i++) {
            String name = "replica-" + i;
            replicas.add(newReplica(
                    name,
                    new SimulatedApp(name, random.nextBoolean(), judge, random, () -> this.plan),
                    new SimulatedDisk()));
        }
        if (plan.differs()) {
            int number = DIFFERENCE_MIN + random.nextInt(DIFFERENCE_MAX - DIFFERENCE_MIN);
            judge.tolerateDifferenceAt(number);
            differing = replicas.get(random.nextInt(REPLICAS));
            differing.app.differAt(number);
        }
    }

    /** Runs the bad times, then the quiet ones, and judges the end. */
    Judge run() {
        for (int step = 0; step < plan.steps(); step++) {
            step();
        }
        plan = plan.quiet();
        int steps = 0;
        while (!isSettled()) {
            step();
            if (++steps > QUIET_STEPS_MAX) {
                throw new Violation("Liveness: long after all became quiet, " + unsettled());
            }
        }
        Map<String, Integer> executed = new LinkedHashMap<>();
        replicas.forEach(replica -> executed.put(replica.name, replica.app.executed()));
        judge.judgeEnd(executed);
        if (!plan.differs() && replicas.stream().anyMatch(replica -> found(replica) > 0)) {
            throw new Violation("ReplicasAgree: differences were found, and there are none: " + unsettled());
        }
        return judge;
    }

    private static long found(Replica replica) {
        ReplicaStatus status = replica.status;
        return status == null ? 0 : status.divergence().unequal();
    }

    /** DifferencesAreFound: by all, and the copy that differs is rebuilt, unless its state outlives it; nobody else is. */
    private boolean isDifferenceDealtWith() {
        return replicas.stream()
                .allMatch(replica -> found(replica) == 1
                        && replica.status != null
                        && replica.status.state() == ReplicaState.SERVING
                        && replica.quarantined == (replica == differing && !replica.app.isAware()));
    }

    private void step() {
        nanos += random.nextInt(STEP_NANOS_MAX);
        int choice = random.nextInt(10);
        if (choice == 0 && plan.steps() > 0) {
            if (random.nextInt(3) == 0) {
                read();
            } else {
                submit();
            }
        } else if (choice <= 3) {
            happen();
        } else if (choice <= 6) {
            Replica replica = replicas.get(random.nextInt(REPLICAS));
            if (nanos >= replica.pausedUntilNanos) {
                work(replica);
            }
        } else {
            ingresses.get(random.nextInt(INGRESSES)).tick();
        }
        if (random.nextDouble() < plan.crash()) {
            crash();
        }
        if (random.nextDouble() < plan.crash()) {
            replicas.get(random.nextInt(REPLICAS)).pausedUntilNanos =
                    nanos + (long) (random.nextDouble() * PAUSE_NANOS_MAX);
        }
    }

    private void submit() {
        List<SimulatedClient> again =
                clients.stream().filter(SimulatedClient::wantsMore).toList();
        if (!again.isEmpty() && random.nextBoolean()) {
            ask(again.get(random.nextInt(again.size())), random.nextInt(8) == 0);
            return;
        }
        String body = "request-" + requests++;
        RequestId id = random.nextBoolean() ? new RequestId.Key("", "key of " + body) : null;
        SimulatedClient client = new SimulatedClient(body, id, judge);
        clients.add(client);
        ask(client, false);
    }

    private void read() {
        int ingress = random.nextInt(INGRESSES);
        asking.removeIf(reader -> !reader.isWaiting());
        SimulatedReader reader = new SimulatedReader(ingress, judge);
        asking.add(reader);
        Request request = new Request("GET", "/count", List.of(), new byte[0]);
        ReadWish wish = random.nextInt(3) == 0 ? new ReadWish(ReadLevel.ORDERED, 0) : ReadWish.NONE;
        ingresses.get(ingress).accept(new Submission(request, null, "", "", wish), reader);
    }

    private void ask(SimulatedClient client, boolean cancels) {
        int ingress = random.nextInt(INGRESSES);
        RequestId id = client.id();
        Client attempt = client.begin(ingress, cancels);
        if (cancels && id != null) {
            ingresses.get(ingress).inquire(id, "", true, attempt);
            return;
        }
        Request request = new Request("POST", "/", List.of(), client.body().getBytes(StandardCharsets.US_ASCII));
        ingresses.get(ingress).accept(new Submission(request, id, "", ""), attempt);
    }

    private void happen() {
        if (pending.isEmpty()) {
            return;
        }
        MemoryEvent event = pending.remove(random.nextInt(pending.size()));
        if (random.nextDouble() < plan.loss()) {
            event.lose(random.nextBoolean());
        } else {
            event.happen();
        }
    }

    private void work(Replica replica) {
        if (random.nextInt(3) == 0) {
            replica.reads.doWork();
            return;
        }
        replica.loop.doWork();
        ReplicaStatus status = replica.status;
        if (status != null && nanos - replica.noticedNanos > 1_000_000_000L) {
            replica.noticedNanos = nanos;
            Notice notice = new Notice.OfReplica(
                    replica.name,
                    replica.incarnation,
                    status.state(),
                    status.appliedThrough(),
                    status.reason(),
                    0,
                    0,
                    0,
                    new Notice.Reads(
                            replica.reads.address(),
                            status.settings().revision(),
                            status.settings().routes()));
            replica.backend.bulletin().publish(notice.key(), NoticeCodec.encode(notice));
        }
    }

    private void crash() {
        int victim = random.nextInt(INGRESSES + 2 * REPLICAS);
        if (victim < INGRESSES) {
            clients.forEach(client -> client.onCrash(victim));
            asking.forEach(reader -> reader.onCrash(victim));
            ingresses.set(victim, newIngress(victim));
        } else if (victim < INGRESSES + REPLICAS) {
            int index = victim - INGRESSES;
            Replica crashed = replicas.get(index);
            if (crashed.app.isAware() && random.nextBoolean()) {
                crashed.app.die();
            }
            SimulatedApp app = crashed.app.isAware()
                    ? crashed.app
                    : new SimulatedApp(crashed.name, false, judge, random, () -> plan);
            replicas.set(index, newReplica(crashed.name, app, crashed.disk));
        } else {
            replicas.get(victim - INGRESSES - REPLICAS).app.die();
        }
    }

    private boolean isSettled() {
        boolean waiting = clients.stream().anyMatch(SimulatedClient::isWaiting)
                || asking.stream().anyMatch(SimulatedReader::isWaiting);
        if (waiting || !pending.isEmpty() || (plan.differs() && !isDifferenceDealtWith())) {
            return false;
        }
        long tail = new MemoryLogBackend(cluster).log().tail().join().value();
        return replicas.stream().allMatch(replica -> {
            ReplicaStatus status = replica.status;
            return status != null && replica.app.isAlive() && status.appliedThrough() >= tail;
        });
    }

    private String unsettled() {
        StringBuilder text = new StringBuilder();
        text.append(clients.stream().filter(SimulatedClient::isWaiting).count()).append(" clients wait; ");
        ingresses.forEach(ingress -> text.append(ingress.status()).append("; "));
        text.append(pending.size()).append(" events are pending; ");
        replicas.forEach(replica -> text.append(replica.name)
                .append(replica.app.isAlive() ? " is " : " is dead and ")
                .append(replica.status)
                .append("; "));
        return text.append("the log ends at ")
                .append(new MemoryLogBackend(cluster).log().tail().join())
                .toString();
    }

    private IngressCore newIngress(int number) {
        LogBackend backend = new MemoryLogBackend(cluster);
        LogBackend seen =
                switch (plan.bug()) {
                    case ASK_AGAIN_WITH_NEW_ID -> Bugs.newIds(backend);
                    case BARRIER_ONE_TOO_EARLY -> Bugs.earlyBarriers(backend);
                    default -> backend;
                };
        IngressConfig usual = IngressConfig.of("ingress-" + number, begin("ingress-" + number), "127.0.0.1", 0);
        IngressCore core = new IngressCore(
                seen,
                impatient(usual),
                new SimpleMeterRegistry(),
                new Clocks(() -> nanos / 1_000_000, () -> nanos),
                random::nextLong);
        core.start();
        return core;
    }

    /** With time-outs that come within the bad times. */
    private static IngressConfig impatient(IngressConfig usual) {
        return new IngressConfig(
                usual.name(),
                usual.incarnation(),
                usual.host(),
                usual.port(),
                usual.bodyBytesMax(),
                usual.headerBytesMax(),
                usual.pendingMax(),
                usual.pendingBytesMax(),
                usual.connectionsMax(),
                Duration.ofMillis(1_500),
                4,
                usual.noticeStaleAfter(),
                usual.askAgainAfter(),
                usual.readPatience(),
                usual.retryAfter(),
                usual.principalHeader());
    }

    private Replica newReplica(String name, SimulatedApp app, SimulatedDisk disk) {
        Incarnation incarnation = begin(name);
        LogBackend backend = backendOfReplica();
        ApplierConfig config = ApplierConfig.of(name, incarnation)
                .withPace(1_000, Duration.ZERO, Duration.ofMillis(200))
                .withSettings((plan.shortWindow() ? SHORT_WINDOW : LONG_WINDOW)
                        .withRoutes(routes())
                        .withWindows(windows()));
        Replica[] self = new Replica[1];
        ApplyLoop.Replica parts = new ApplyLoop.Replica(
                app,
                app,
                app.isAware() ? new AwareContinuity(app, false) : new DisposableContinuity(),
                store(disk, backend),
                Failpoints.NONE,
                alive -> app);
        ReadLoop reads = Objects.requireNonNull(ReadLoop.of(backend, parts, config, () -> nanos), "memory has a link");
        ApplyLoop loop = new ApplyLoop(
                backend.log(),
                backend.replies(),
                parts,
                config,
                status -> {
                    reads.onStatus(status);
                    if (self[0] != null) {
                        self[0].status = status;
                        self[0].quarantined |= status.state() == ReplicaState.QUARANTINED;
                    }
                },
                () -> nanos);
        Replica replica = new Replica(name, incarnation, app, disk, backend, loop, reads);
        self[0] = replica;
        return replica;
    }

    private Routes routes() {
        String level = plan.bug() == Plan.Bug.READ_WITHOUT_BARRIER ? "local" : "barrier";
        return Routes.parse(List.of("path=/count read-only=true level=" + level));
    }

    private Windows windows() {
        return plan.bug() == Plan.Bug.NOTHING_IS_COMPARED
                ? Windows.NONE
                : new Windows(WINDOW, List.of(), List.of("replica-0", "replica-1", "replica-2"));
    }

    private CheckpointStore store(SimulatedDisk disk, LogBackend backend) {
        return switch (plan.bug()) {
            case FORGOTTEN_ENTRY -> Bugs.forgetting(disk, random);
            case CHECKPOINT_BEFORE_APPLY -> Bugs.tooEarly(disk, backend.log());
            default -> disk;
        };
    }

    private LogBackend backendOfReplica() {
        LogBackend backend = new MemoryLogBackend(cluster);
        return switch (plan.bug()) {
            case LOG_REORDERS -> new FaultyLogBackend(backend, Fault.REORDERS, readers);
            case EVICTION_BY_WALL_CLOCK -> Bugs.wallClock(backend, () -> nanos / 1_000_000);
            default -> backend;
        };
    }

    private Incarnation begin(String name) {
        incarnations++;
        return new Incarnation(name + "-" + String.format("%016x", incarnations));
    }
}

package io.hermes.simulation;

import io.hermes.applier.ApplierConfig;
import io.hermes.applier.ApplyLoop;
import io.hermes.applier.ReplicaStatus;
import io.hermes.ingress.Clocks;
import io.hermes.ingress.IngressConfig;
import io.hermes.ingress.IngressCore;
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
import io.hermes.proto.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Two ingresses, three replicas and a log, moved by one thread in the order that a seed chooses. */
final class World {

    private static final int INGRESSES = 2;
    private static final int REPLICAS = 3;
    private static final int QUIET_STEPS_MAX = 200_000;
    private static final int STEP_NANOS_MAX = 4_000_000;
    private static final long PAUSE_NANOS_MAX = 3_000_000_000L;

    private final Random random;
    private final Judge judge = new Judge();
    private final List<MemoryEvent> pending = new ArrayList<>();
    private final MemoryCluster cluster;
    private final AtomicInteger readers = new AtomicInteger();
    private final List<IngressCore> ingresses = new ArrayList<>();
    private final List<List<SimulatedClient>> clients = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private Plan plan;
    private long nanos = 1;
    private int incarnations;
    private int requests;

    /** One replica: its loop, its app, and what it last told. */
    private static final class Replica {
        private final String name;
        private final Incarnation incarnation;
        private final SimulatedApp app;
        private final LogBackend backend;
        private ApplyLoop loop;
        private @Nullable ReplicaStatus status;
        private long noticedNanos;
        private long pausedUntilNanos;

        Replica(String name, Incarnation incarnation, SimulatedApp app, LogBackend backend, ApplyLoop loop) {
            this.name = name;
            this.incarnation = incarnation;
            this.app = app;
            this.backend = backend;
            this.loop = loop;
        }
    }

    World(long seed, Plan plan) {
        this.random = new Random(seed);
        this.plan = plan;
        MemoryScheduler scheduler = event -> {
            if (event.kind() == MemoryEvent.Kind.NOTICE) {
                event.happen();
            } else {
                pending.add(event);
            }
        };
        this.cluster = new MemoryCluster("simulated", 1 << 20, scheduler);
        for (int i = 0; i < INGRESSES; i++) {
            clients.add(new ArrayList<>());
            ingresses.add(newIngress(i));
        }
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(newReplica(i));
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
        return judge;
    }

    private void step() {
        nanos += random.nextInt(STEP_NANOS_MAX);
        int choice = random.nextInt(10);
        if (choice == 0 && plan.steps() > 0) {
            submit();
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
        int number = random.nextInt(INGRESSES);
        String body = "request-" + requests++;
        SimulatedClient client = new SimulatedClient(body, judge);
        clients.get(number).add(client);
        Request request = new Request("POST", "/", List.of(), body.getBytes(StandardCharsets.US_ASCII));
        ingresses.get(number).accept(request, "", client);
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
        replica.loop.doWork();
        ReplicaStatus status = replica.status;
        if (status != null && nanos - replica.noticedNanos > 1_000_000_000L) {
            replica.noticedNanos = nanos;
            Notice notice = new Notice.OfReplica(
                    replica.name, replica.incarnation, status.state(), status.appliedThrough(), status.reason());
            replica.backend.bulletin().publish(notice.key(), NoticeCodec.encode(notice));
        }
    }

    private void crash() {
        int victim = random.nextInt(INGRESSES + 2 * REPLICAS);
        if (victim < INGRESSES) {
            clients.get(victim).forEach(SimulatedClient::disconnect);
            ingresses.set(victim, newIngress(victim));
        } else if (victim < INGRESSES + REPLICAS) {
            int index = victim - INGRESSES;
            replicas.set(index, newReplica(index));
        } else {
            replicas.get(victim - INGRESSES - REPLICAS).app.die();
        }
    }

    private boolean isSettled() {
        boolean waiting = clients.stream().flatMap(List::stream).anyMatch(SimulatedClient::isWaiting);
        if (waiting || !pending.isEmpty()) {
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
        for (int i = 0; i < INGRESSES; i++) {
            text.append(clients.get(i).stream()
                            .filter(SimulatedClient::isWaiting)
                            .count())
                    .append(" clients wait at ")
                    .append(ingresses.get(i).status())
                    .append("; ");
        }
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
        IngressConfig usual = IngressConfig.of("ingress-" + number, begin("ingress-" + number), "127.0.0.1", 0);
        IngressCore core = new IngressCore(
                backend(),
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
                Duration.ofMillis(1_500),
                4,
                usual.noticeStaleAfter(),
                usual.askAgainAfter(),
                usual.retryAfter());
    }

    private Replica newReplica(int number) {
        String name = "replica-" + number;
        SimulatedApp app = new SimulatedApp(name, judge, random, () -> plan);
        Incarnation incarnation = begin(name);
        LogBackend backend = backend();
        ApplierConfig usual = ApplierConfig.of(name, incarnation);
        ApplierConfig config = new ApplierConfig(
                name,
                incarnation,
                1_000,
                Duration.ZERO,
                usual.answerBytesMax(),
                usual.requestsMax(),
                usual.forgetIngressAfter());
        Replica[] self = new Replica[1];
        ApplyLoop loop = new ApplyLoop(
                backend.log(),
                backend.replies(),
                app,
                app,
                config,
                status -> {
                    if (self[0] != null) {
                        self[0].status = status;
                    }
                },
                () -> nanos);
        Replica replica = new Replica(name, incarnation, app, backend, loop);
        self[0] = replica;
        return replica;
    }

    private LogBackend backend() {
        LogBackend backend = new MemoryLogBackend(cluster);
        return plan.honestLog() ? backend : new FaultyLogBackend(backend, Fault.REORDERS, readers);
    }

    private Incarnation begin(String name) {
        incarnations++;
        return new Incarnation(name + "-" + incarnations);
    }
}

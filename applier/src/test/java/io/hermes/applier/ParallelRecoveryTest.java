package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Incarnation;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop with an app of several connections that leaves a request in doubt. */
@Timeout(60)
class ParallelRecoveryTest {

    private static final int LANES = 4;
    private static final int REQUESTS = 24;

    private final MemoryLogBackend backend = new MemoryLogBackend(MemoryCluster.atOnce());
    private final RecordingApp host = new RecordingApp();
    private final List<ReplicaStatus> statuses = new ArrayList<>();

    /** For each incarnation and position how many requests the app had under way when that one began. */
    private final Map<Integer, Map<Long, Integer>> companions = new ConcurrentHashMap<>();

    private final AtomicInteger underWay = new AtomicInteger();
    private final CountDownLatch poisoned = new CountDownLatch(LANES);
    private long nanos;

    @Test
    void whatWasInDoubtTogetherIsExecutedAloneTheNextTime() throws Exception {
        append(new SettingsRecord(
                new Settings(1, Settings.FEATURE_LEVEL, 100, Duration.ofHours(1), 100, Duration.ofHours(1), 1_000_000)
                        .withRoutes(Accounts.ROUTES)));
        List<Long> positions = new ArrayList<>();
        for (int number = 1; number <= REQUESTS; number++) {
            positions.add(append(Calls.call(number, Calls.request("POST", "/accounts/" + number + "/add?n=1", ""))
                    .record()));
        }
        long poison = positions.get(5);
        try (ThreadedApp app = new ThreadedApp((target, position) -> answer(position, poison));
                App client = app.client(1, LANES, Duration.ofSeconds(30))) {
            ApplyLoop.Replica replica = new ApplyLoop.Replica(
                    host, client, new DisposableContinuity(), new NoCheckpoints(), Failpoints.NONE);
            try (ApplyLoop loop = loop(replica)) {
                for (int step = 0; step < 30; step++) {
                    loop.doWork();
                    nanos += Duration.ofSeconds(1).toNanos();
                }
            }
        }

        assertThat(statuses.get(statuses.size() - 1).state()).isEqualTo(ReplicaState.SERVING);
        assertThat(statuses.get(statuses.size() - 1).appliedRequests()).isEqualTo(REQUESTS);
        Map<Long, Integer> second = companions.getOrDefault(2, Map.of());
        assertThat(second.keySet()).containsExactlyElementsOf(positions);
        List<Long> inDoubt = companions.getOrDefault(1, Map.of()).keySet().stream()
                .filter(position -> position >= poison)
                .toList();
        assertThat(inDoubt).contains(poison).hasSizeGreaterThan(1);
        assertThat(inDoubt).allSatisfy(position -> assertThat(second).containsEntry(position, 1));
        assertThat(second.values()).contains(LANES);
    }

    private @Nullable String answer(long position, long poison) throws InterruptedException {
        int incarnation = host.incarnations();
        companions
                .computeIfAbsent(incarnation, any -> new ConcurrentSkipListMap<>())
                .put(position, underWay.incrementAndGet());
        if (incarnation == 1 && position >= poison) {
            // All lanes are at work when it fails.
            poisoned.countDown();
            poisoned.await(20, TimeUnit.SECONDS);
        }
        TimeUnit.MILLISECONDS.sleep(5);
        underWay.decrementAndGet();
        return incarnation == 1 && position == poison ? null : "ok";
    }

    private ApplyLoop loop(ApplyLoop.Replica replica) {
        ApplierConfig config = ApplierConfig.of("replica-0", new Incarnation("replica-0-1"))
                .withPace(1 << 20, Duration.ZERO, Duration.ofSeconds(30));
        return new ApplyLoop(backend.log(), backend.replies(), replica, config, statuses::add, () -> nanos);
    }

    private long append(LogContent content) {
        return backend.log()
                .append(RecordCodec.encode(content))
                .join()
                .match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }

    private static final class NoCheckpoints implements CheckpointStore {
        @Override
        public @Nullable Checkpoint newestThrough(long position, String logIdentity) {
            return null;
        }

        @Override
        public void write(Checkpoint checkpoint) {
            throw new AssertionError("a disposable app needs no checkpoint");
        }
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.CloseWindowRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas over one log that compare their answers. */
class DivergenceTest {

    private static final List<String> NAMES = List.of("replica-0", "replica-1", "replica-2");
    private static final ComparedReplica.Wrong ONCE = (incarnation, number) -> incarnation == 1 && number == 6;
    private static final ComparedReplica.Wrong ALWAYS = (incarnation, number) -> number >= 6;
    private static final ComparedReplica.Wrong CLOCK = (incarnation, number) -> true;

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final MemoryLogBackend backend = new MemoryLogBackend(cluster);
    private final List<ComparedReplica> replicas = new ArrayList<>();
    private int requests;
    private int batchBytes = 1_000;
    private Executor finishing = Runnable::run;

    @TempDir
    private Path directory;

    @AfterEach
    void closeReplicas() {
        replicas.forEach(ComparedReplica::close);
    }

    @Test
    void equalAnswersAreFoundEqual() throws Exception {
        begin(ComparedReplica.Wrong.NEVER);

        request(8);

        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.status().divergence()).isEqualTo(new DivergenceStatus(4, 2, 0, ""));
        });
        assertThat(digests()).hasSize(6);
    }

    @Test
    void replicaThatAMajorityContradictsIsRebuilt() {
        begin(ONCE);

        request(8);

        assertThat(replicas.get(2).appIncarnations()).isEqualTo(2);
        assertThat(replicas.get(2).states())
                .containsSubsequence(ReplicaState.SERVING, ReplicaState.QUARANTINED, ReplicaState.SERVING)
                .endsWith(ReplicaState.SERVING);
        assertThat(replicas.get(0).appIncarnations()).isOne();
        assertThat(replicas.get(1).appIncarnations()).isOne();
    }

    @Test
    void alarmEndsOnceTheReplicaIsRebuilt() {
        begin(ONCE);

        request(8);

        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.alarm()).isEmpty();
            assertThat(replica.status().divergence().unequal()).isOne();
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(2);
        });
    }

    @Test
    void firstRequestThatWasAnsweredDifferentlyIsWrittenDown() throws Exception {
        begin(ONCE);

        request(8);

        for (String name : NAMES) {
            String evidence = Files.readString(directory.resolve(name).resolve("window-1.json"));
            assertThat(evidence)
                    .contains("\"request\": \"POST /insert\"")
                    .contains("\"replica\": \"replica-2\"")
                    .contains("\"body\": \"answer 6!\"")
                    .contains("\"body\": \"answer 6\"");
        }
    }

    @Test
    void newestEvidenceIsKept() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("replica-0"));
        for (int i = 0; i < 30; i++) {
            Path old = Files.writeString(folder.resolve("window-" + (100 + i) + ".json"), "old");
            Files.setLastModifiedTime(old, FileTime.fromMillis(1_000_000L * i));
        }
        begin(ONCE);

        request(8);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .hasSize(Inquest.FILES_MAX)
                    .contains("window-1.json", "window-129.json")
                    .doesNotContain("window-100.json");
        }
    }

    @Test
    void requestIsNamedThoughFurtherWindowsAreFullAlready() throws Exception {
        batchBytes = 1 << 20;
        begin(ONCE);

        for (int i = 0; i < 24; i++) {
            append(Calls.record(++requests));
        }
        settle();

        assertThat(Files.readString(directory.resolve("replica-0").resolve("window-1.json")))
                .contains("\"body\": \"answer 6!\"");
    }

    @Test
    void replicaThatIsWrongAgainIsNotRebuiltAgain() {
        begin(ALWAYS);

        request(40);

        assertThat(replicas.get(2).appIncarnations()).isEqualTo(2);
        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.status().state()).isEqualTo(ReplicaState.SERVING);
            assertThat(replica.alarm()).contains("replica-2").contains("deterministic");
        });
    }

    @Test
    void replicasThatAllDifferGoOnServing() {
        Windows windows = new Windows(4, List.of(), NAMES);
        begin("", windows, CLOCK, CLOCK);
        // The third one is another wrong.
        replicas.remove(2).close();
        add("replica-2", false, windows, "", (incarnation, number) -> number % 2 == 0);

        request(20);

        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.appIncarnations()).isOne();
            assertThat(replica.alarm()).contains("no majority");
            assertThat(replica.status().state()).isEqualTo(ReplicaState.SERVING);
        });
    }

    @Test
    void nobodyIsRebuiltIfReplicasAreNotListed() {
        begin("", new Windows(4, List.of(), List.of()), ComparedReplica.Wrong.NEVER, ONCE);

        request(8);

        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.appIncarnations()).isOne();
            assertThat(replica.alarm()).contains("settings.replicas");
        });
    }

    @Test
    void appThatKeepsItsStateIsNotRebuilt() {
        Windows windows = new Windows(4, List.of(), NAMES);
        begin("", windows, ComparedReplica.Wrong.NEVER, ONCE);
        replicas.remove(2).close();
        add("replica-2", true, windows, "", ONCE);

        request(8);

        assertThat(replicas.get(2).appIncarnations()).isOne();
        assertThat(replicas).allSatisfy(replica -> assertThat(replica.alarm()).contains("replica-2"));
    }

    @Test
    void alarmIsRaisedAgainByALaterDifferenceOfAnAppThatIsNotRebuilt() {
        Windows windows = new Windows(4, List.of(), NAMES);
        begin("", windows, ComparedReplica.Wrong.NEVER, ComparedReplica.Wrong.NEVER);
        replicas.remove(2).close();
        add("replica-2", true, windows, "", (incarnation, number) -> number == 6 || number == 60);
        request(56);
        String before = replicas.get(0).alarm();

        request(8);

        assertThat(before).isEmpty();
        assertThat(replicas).allSatisfy(replica -> assertThat(replica.alarm()).contains("replica-2"));
    }

    @Test
    void snapshotsBeforeADifferenceAreKeptThoughEqualWindowsFollowed() throws Exception {
        Accused accused = toVerdict(false);

        appendMany(40);
        step(2, 150);

        assertThat(accused.positions()).containsExactly(accused.good());
    }

    @Test
    void snapshotsAfterADifferenceAreNotKeptThoughFurtherWindowsDiffered() {
        batchBytes = 1 << 20;
        Accused accused = toDifference(true);
        step(0, 20);
        step(1, 20);
        appendMany(40);
        step(0, 50);
        step(1, 50);

        settle();

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(replicas.get(2).appIncarnations()).isEqualTo(2);
    }

    @Test
    void replicaThatEndsAfterTheVerdictDoesNotGoOnFromItsWrongSnapshot() throws Exception {
        Accused accused = toVerdict(true);

        replicas.get(2).restart();
        request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(replicas.get(2).states()).endsWith(ReplicaState.SERVING);
        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.status().divergence().unequal()).isOne();
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(6);
        });
    }

    @Test
    void appThatEndsAfterTheVerdictDoesNotGoOnFromItsWrongSnapshot() throws Exception {
        Accused accused = toVerdict(true);

        replicas.get(2).killApp();
        request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(6);
        });
    }

    @Test
    void replicaThatIsContradictedAfterItEndedDoesNotGoOnFromItsWrongSnapshot() {
        Accused accused = toDifference(true);
        replicas.get(2).restart();
        step(2, 50);

        request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(6);
        });
    }

    @Test
    void snapshotUnderWayAtTheVerdictDoesNotStay() throws Exception {
        List<Runnable> left = new ArrayList<>();
        finishing = left::add;
        Accused accused = toVerdict(true);

        settle();
        left.forEach(Runnable::run);
        request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(failures()).containsExactly("", "other replicas contradicted the app");
        assertThat(replicas.get(0).status().divergence().equalBelow()).isEqualTo(6);
    }

    @Test
    void snapshotThatWasDoneAfterTheVerdictDoesNotCount() throws Exception {
        List<Runnable> left = new ArrayList<>();
        finishing = left::add;
        Accused accused = toVerdict(true);
        left.forEach(Runnable::run);

        request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(failures()).containsExactly("", "other replicas contradicted the app");
    }

    @Test
    void replicaTakesNoSnapshotBetweenVerdictAndEnd() throws Exception {
        toVerdict(true);

        append(new TakeSnapshotRecord("replica-2"));
        settle();

        assertThat(failures()).containsExactly("", "", "this replica began anew before it was taken");
    }

    @Test
    void otherVersionsOfTheAppAreNotCompared() {
        begin("2", new Windows(4, List.of(), NAMES), ComparedReplica.Wrong.NEVER, CLOCK);

        request(8);

        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.alarm()).isEmpty();
            assertThat(replica.status().divergence().unequal()).isZero();
        });
    }

    @Test
    void otherVersionsOfTheAppDoNotTakePartInTheSearchForTheRequest() throws Exception {
        Windows windows = new Windows(4, List.of(), NAMES);
        append(new SettingsRecord(settings(1, windows)));
        add("replica-0", false, windows, "2", CLOCK);
        add("replica-1", false, windows, "", ComparedReplica.Wrong.NEVER);
        add("replica-2", false, windows, "", ONCE);

        request(8);

        assertThat(Files.readString(directory.resolve("replica-1").resolve("window-1.json")))
                .contains("\"body\": \"answer 6!\"")
                .doesNotContain("answer 5");
    }

    @Test
    void majorityGrowsWithTheReplicasThatTheLogLists() {
        begin(ONCE);
        list(2, "replica-0", "replica-1", "replica-2", "replica-3");

        request(16);

        // Two of four are no majority.
        assertThat(replicas.get(2).appIncarnations()).isOne();
        assertThat(replicas.get(0).alarm()).contains("no majority");
    }

    @Test
    void majorityShrinksWithTheReplicasThatTheLogLists() {
        Windows windows =
                new Windows(4, List.of(), List.of("replica-0", "replica-1", "replica-2", "replica-3", "replica-4"));
        begin("", windows, ComparedReplica.Wrong.NEVER, ONCE);
        list(2, NAMES.toArray(new String[0]));

        request(8);

        assertThat(replicas.get(2).appIncarnations()).isEqualTo(2);
    }

    @Test
    void replicaThatIsListedNoMoreIsNotRebuilt() {
        begin(ONCE);
        list(2, "replica-0", "replica-1");

        request(8);

        assertThat(replicas.get(2).appIncarnations()).isOne();
        assertThat(replicas.get(0).alarm()).contains("does not name it");
    }

    @Test
    void replicasAreFoundEqualWithoutTheOneThatWasRemoved() {
        begin(ComparedReplica.Wrong.NEVER);
        ComparedReplica gone = replicas.remove(2);
        gone.close();
        request(4);
        assertThat(replicas.get(0).status().divergence().equalBelow()).isZero();
        list(2, "replica-0", "replica-1");

        request(4);

        assertThat(replicas.get(0).status().divergence().equalBelow()).isEqualTo(2);
    }

    @Test
    void windowCanBeClosedAtAnyTime() throws Exception {
        begin(ComparedReplica.Wrong.NEVER);
        request(2);

        long position = append(new CloseWindowRecord("test"));
        settle();

        assertThat(digests()).hasSize(3).allSatisfy(digest -> {
            assertThat(digest.through()).isEqualTo(position);
            assertThat(digest.ordinals()).isEqualTo(2);
        });
    }

    @Test
    void emptyLogIsGivenWindowsWithoutARevision() {
        Windows windows = new Windows(4, List.of(), NAMES);
        for (String name : NAMES) {
            replicas.add(new ComparedReplica(cluster, name, false, ComparedReplica.Wrong.NEVER)
                    .with(Settings.BEFORE_ANY_RECORD.withWindows(windows), "", null, 1_000));
        }
        settle();

        request(4);

        assertThat(replicas)
                .allSatisfy(replica ->
                        assertThat(replica.status().divergence().equalBelow()).isOne());
    }

    @Test
    void logWithRequestsIsNotGivenWindowsWithoutARevision() {
        append(Calls.record(1));
        replicas.add(new ComparedReplica(cluster, "replica-0", false, ComparedReplica.Wrong.NEVER)
                .with(Settings.BEFORE_ANY_RECORD.withWindows(new Windows(4, List.of(), NAMES)), "", null, 1_000));

        settle();

        assertThat(replicas.get(0).status().settings().windows().exist()).isFalse();
    }

    @Test
    void replicasWithEqualAnswersNeverDifferWhateverBatchesAndRestarts() throws Exception {
        for (int seed = 1; seed <= 40; seed++) {
            DivergenceTest world = new DivergenceTest();
            world.runAtRandom(new Random(seed));
            assertThat(world.replicas).as("seed " + seed).allSatisfy(replica -> {
                assertThat(replica.status().divergence().unequal()).isZero();
                assertThat(replica.status().divergence().equalBelow()).isGreaterThan(5);
            });
            Map<Long, WindowDigestRecord> known = new HashMap<>();
            for (WindowDigestRecord digest : world.digests()) {
                if (digest.digest().isKnown()) {
                    WindowDigestRecord other = known.putIfAbsent(digest.window(), digest);
                    assertThat(other == null || other.isEqual(digest)).isTrue();
                }
            }
            world.closeReplicas();
        }
    }

    private void runAtRandom(Random random) {
        append(Calls.record(++requests));
        Windows windows = new Windows(1 + random.nextInt(6), List.of("date-not-compared"), NAMES);
        append(new SettingsRecord(settings(1, windows)));
        for (String name : NAMES) {
            boolean aware = random.nextInt(3) == 0;
            replicas.add(new ComparedReplica(cluster, name, aware, ComparedReplica.Wrong.NEVER)
                    .with(settings(1, windows), "", null, 1 + random.nextInt(2_000)));
        }
        for (int i = 0; i < 300; i++) {
            int choice = random.nextInt(40);
            ComparedReplica replica = replicas.get(random.nextInt(3));
            if (choice < 10) {
                append(Calls.record(random.nextInt(8) == 0 ? Math.max(1, requests) : ++requests));
            } else if (choice == 10) {
                replica.restart();
            } else if (choice == 11) {
                replica.killApp();
            } else if (choice == 12) {
                append(new CloseWindowRecord("random"));
            } else if (choice == 13) {
                append(new SettingsRecord(settings(2 + i, new Windows(random.nextInt(6), List.of(), NAMES))));
            } else {
                replica.step();
            }
        }
        append(new SettingsRecord(settings(1_000, new Windows(3, List.of(), NAMES))));
        settle();
        for (int i = 0; i < 40; i++) {
            append(Calls.record(++requests));
        }
        settle();
    }

    /** The third replica has a snapshot from before its difference, and one after it. */
    private record Accused(SnapshotStore store, long good) {

        List<Long> positions() {
            return store.positions();
        }
    }

    /** A majority contradicts the third replica, which knows it and has not told what it answered. */
    private Accused toVerdict(boolean staysWrong) throws Exception {
        Accused accused = toDifference(staysWrong);
        // So that the others know nothing of the verdict yet, and do not lay open what they answered.
        for (int i = 0; i < 20 && digests().size() < 6; i++) {
            step(0, 1);
            step(1, 1);
        }
        for (int i = 0; i < 20 && replicas.get(2).status().state() != ReplicaState.QUARANTINED; i++) {
            step(2, 1);
        }
        return accused;
    }

    /** The third replica has answered wrongly, and the others have not answered yet. */
    private Accused toDifference(boolean staysWrong) {
        Windows windows = new Windows(4, List.of(), NAMES);
        begin("", windows, ComparedReplica.Wrong.NEVER, ONCE);
        replicas.remove(2).close();
        Path folder = directory.resolve("snapshots");
        Executor now = Runnable::run;
        Executor chosen = finishing;
        SnapshotStore store = new SnapshotStore(folder, Failpoints.NONE);
        ComparedReplica third = new ComparedReplica(cluster, "replica-2", false, ONCE)
                .withSnapshots(folder, task -> (store.positions().isEmpty() ? now : chosen).execute(task));
        replicas.add((staysWrong ? third.thatStaysWrong() : third)
                .with(settings(1, windows), "", directory.resolve("replica-2"), batchBytes));
        request(2);
        append(new TakeSnapshotRecord("replica-2"));
        request(2);
        long good = store.positions().get(0);
        appendMany(4);
        step(2, 20);
        append(new TakeSnapshotRecord("replica-2"));
        step(2, 20);
        return new Accused(store, good);
    }

    private void appendMany(int count) {
        for (int i = 0; i < count; i++) {
            append(Calls.record(++requests));
        }
    }

    private void step(int replica, int times) {
        for (int i = 0; i < times; i++) {
            replicas.get(replica).step();
        }
    }

    private List<String> failures() throws Exception {
        List<String> failures = new ArrayList<>();
        for (LogContent content : contents()) {
            if (content instanceof SnapshotTakenRecord taken) {
                failures.add(taken.failure());
            }
        }
        return failures;
    }

    private void begin(ComparedReplica.Wrong third) {
        begin("", new Windows(4, List.of("content-type"), NAMES), ComparedReplica.Wrong.NEVER, third);
    }

    private void begin(
            String thirdVersion, Windows windows, ComparedReplica.Wrong second, ComparedReplica.Wrong third) {
        append(new SettingsRecord(settings(1, windows)));
        add("replica-0", false, windows, "", ComparedReplica.Wrong.NEVER);
        add("replica-1", false, windows, "", second);
        add("replica-2", false, windows, thirdVersion, third);
        if (third == CLOCK && thirdVersion.isEmpty()) {
            return;
        }
        settle();
    }

    private void add(String name, boolean aware, Windows windows, String version, ComparedReplica.Wrong wrong) {
        replicas.add(new ComparedReplica(cluster, name, aware, wrong)
                .with(settings(1, windows), version, directory == null ? null : directory.resolve(name), batchBytes));
    }

    private void list(long revision, String... names) {
        append(new SettingsRecord(settings(revision, new Windows(4, List.of("content-type"), List.of(names)))));
        settle();
    }

    private void request(int count) {
        settle();
        for (int i = 0; i < count; i++) {
            append(Calls.record(++requests));
            settle();
        }
        settle();
    }

    private void settle() {
        for (int i = 0; i < 150; i++) {
            replicas.forEach(ComparedReplica::step);
        }
    }

    private static Settings settings(long revision, Windows windows) {
        return new Settings(revision, 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000)
                .withWindows(windows);
    }

    private List<WindowDigestRecord> digests() throws Exception {
        List<WindowDigestRecord> digests = new ArrayList<>();
        for (LogContent content : contents()) {
            if (content instanceof WindowDigestRecord digest) {
                digests.add(digest);
            }
        }
        return digests;
    }

    private List<LogContent> contents() throws Exception {
        List<LogContent> contents = new ArrayList<>();
        try (LogReader reader = backend.log().openReader(new Position(0))) {
            for (List<LogRecord> batch = reader.read(1 << 20, Duration.ZERO);
                    !batch.isEmpty();
                    batch = reader.read(1 << 20, Duration.ZERO)) {
                for (LogRecord record : batch) {
                    contents.add(content(record));
                }
            }
        }
        return contents;
    }

    private static LogContent content(LogRecord record) throws UndecodableException {
        return RecordCodec.decode(record.bytes());
    }

    private long append(LogContent content) {
        return backend.log()
                .append(RecordCodec.encode(content))
                .join()
                .match(appended -> appended.position().value(), rejected -> -1L, unknown -> -1L);
    }
}

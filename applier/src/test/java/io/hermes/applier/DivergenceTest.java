package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.CloseWindowRecord;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas over one log that compare their answers: what they find, and what is told and written down. */
class DivergenceTest {

    @TempDir
    private Path directory;

    private ComparedReplicas world = new ComparedReplicas(null);

    @BeforeEach
    void makeWorld() {
        world = new ComparedReplicas(directory);
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    @Test
    void equalAnswersAreFoundEqual() throws Exception {
        world.begin(ComparedReplica.Wrong.NEVER);

        world.request(8);

        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.status().divergence()).isEqualTo(new DivergenceStatus(4, 2, 0, ""));
        });
        assertThat(world.digests()).hasSize(6);
    }

    @Test
    void firstRequestThatWasAnsweredDifferentlyIsWrittenDown() throws Exception {
        world.begin(ComparedReplica.Wrong.ONCE);

        world.request(8);

        for (String name : ComparedReplicas.NAMES) {
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
        world.begin(ComparedReplica.Wrong.ONCE);

        world.request(8);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .hasSize(Inquest.FILES_MAX)
                    .contains("window-1.json", "window-129.json")
                    .doesNotContain("window-100.json");
        }
    }

    @Test
    void requestIsNamedThoughFurtherWindowsAreFullAlready() throws Exception {
        world.batchesOf(1 << 20);
        world.begin(ComparedReplica.Wrong.ONCE);

        world.appendMany(24);
        world.settle();

        assertThat(Files.readString(directory.resolve("replica-0").resolve("window-1.json")))
                .contains("\"body\": \"answer 6!\"");
    }

    @Test
    void replicasThatAllDifferGoOnServing() {
        Windows windows = new Windows(4, List.of(), ComparedReplicas.NAMES);
        world.beginTwo(windows, ComparedReplica.Wrong.CLOCK);
        // The third one is another wrong.
        world.add("replica-2", false, windows, "", (incarnation, number) -> number % 2 == 0);

        world.request(20);

        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.appIncarnations()).isOne();
            assertThat(replica.alarm()).contains("no majority");
            assertThat(replica.status().state()).isEqualTo(ReplicaState.SERVING);
        });
    }

    @Test
    void alarmIsRaisedAgainByALaterDifferenceOfAnAppThatIsNotRebuilt() {
        Windows windows = new Windows(4, List.of(), ComparedReplicas.NAMES);
        world.beginTwo(windows, ComparedReplica.Wrong.NEVER);
        world.add("replica-2", true, windows, "", (incarnation, number) -> number == 6 || number == 60);
        world.request(56);
        String before = world.get(0).alarm();

        world.request(8);

        assertThat(before).isEmpty();
        assertThat(world.all())
                .allSatisfy(replica -> assertThat(replica.alarm()).contains("replica-2"));
    }

    @Test
    void otherVersionsOfTheAppAreNotCompared() {
        world.begin(new Windows(4, List.of(), ComparedReplicas.NAMES), "2", ComparedReplica.Wrong.CLOCK);

        world.request(8);

        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.alarm()).isEmpty();
            assertThat(replica.status().divergence().unequal()).isZero();
        });
    }

    @Test
    void otherVersionsOfTheAppDoNotTakePartInTheSearchForTheRequest() throws Exception {
        Windows windows = new Windows(4, List.of(), ComparedReplicas.NAMES);
        world.append(new SettingsRecord(ComparedReplicas.settings(1, windows)));
        world.add("replica-0", false, windows, "2", ComparedReplica.Wrong.CLOCK);
        world.add("replica-1", false, windows, "", ComparedReplica.Wrong.NEVER);
        world.add("replica-2", false, windows, "", ComparedReplica.Wrong.ONCE);

        world.request(8);

        assertThat(Files.readString(directory.resolve("replica-1").resolve("window-1.json")))
                .contains("\"body\": \"answer 6!\"")
                .doesNotContain("answer 5");
    }

    @Test
    void majorityGrowsWithTheReplicasThatTheLogLists() {
        world.begin(ComparedReplica.Wrong.ONCE);
        world.list(2, "replica-0", "replica-1", "replica-2", "replica-3");

        world.request(16);

        // Two of four are no majority.
        assertThat(world.get(2).appIncarnations()).isOne();
        assertThat(world.get(0).alarm()).contains("no majority");
    }

    @Test
    void majorityShrinksWithTheReplicasThatTheLogLists() {
        Windows windows =
                new Windows(4, List.of(), List.of("replica-0", "replica-1", "replica-2", "replica-3", "replica-4"));
        world.begin(windows, "", ComparedReplica.Wrong.ONCE);
        world.list(2, ComparedReplicas.NAMES.toArray(new String[0]));

        world.request(8);

        assertThat(world.get(2).appIncarnations()).isEqualTo(2);
    }

    @Test
    void replicasAreFoundEqualWithoutTheOneThatWasRemoved() {
        world.begin(ComparedReplica.Wrong.NEVER);
        world.removeThird();
        world.request(4);
        assertThat(world.get(0).status().divergence().equalBelow()).isZero();
        world.list(2, "replica-0", "replica-1");

        world.request(4);

        assertThat(world.get(0).status().divergence().equalBelow()).isEqualTo(2);
    }

    @Test
    void windowCanBeClosedAtAnyTime() throws Exception {
        world.begin(ComparedReplica.Wrong.NEVER);
        world.request(2);

        long position = world.append(new CloseWindowRecord("test"));
        world.settle();

        assertThat(world.digests()).hasSize(3).allSatisfy(digest -> {
            assertThat(digest.through()).isEqualTo(position);
            assertThat(digest.ordinals()).isEqualTo(2);
        });
    }

    @Test
    void emptyLogIsGivenWindowsWithoutARevision() {
        Windows windows = new Windows(4, List.of(), ComparedReplicas.NAMES);
        for (String name : ComparedReplicas.NAMES) {
            world.add(new ComparedReplica(world.cluster(), name, false, ComparedReplica.Wrong.NEVER)
                    .with(Settings.BEFORE_ANY_RECORD.withWindows(windows), "", null, 1_000));
        }
        world.settle();

        world.request(4);

        assertThat(world.all())
                .allSatisfy(replica ->
                        assertThat(replica.status().divergence().equalBelow()).isOne());
    }

    @Test
    void logWithRequestsIsNotGivenWindowsWithoutARevision() {
        world.append(Calls.record(1));
        world.add(new ComparedReplica(world.cluster(), "replica-0", false, ComparedReplica.Wrong.NEVER)
                .with(
                        Settings.BEFORE_ANY_RECORD.withWindows(new Windows(4, List.of(), ComparedReplicas.NAMES)),
                        "",
                        null,
                        1_000));

        world.settle();

        assertThat(world.get(0).status().settings().windows().exist()).isFalse();
    }

    @Test
    void replicasWithEqualAnswersNeverDifferWhateverBatchesAndRestarts() throws Exception {
        for (int seed = 1; seed <= 40; seed++) {
            ComparedReplicas any = new ComparedReplicas(null);
            runAtRandom(any, new Random(seed));
            assertThat(any.all()).as("seed " + seed).allSatisfy(replica -> {
                assertThat(replica.status().divergence().unequal()).isZero();
                assertThat(replica.status().divergence().equalBelow()).isGreaterThan(5);
            });
            Map<Long, WindowDigestRecord> known = new HashMap<>();
            for (WindowDigestRecord digest : any.digests()) {
                if (digest.digest().isKnown()) {
                    WindowDigestRecord other = known.putIfAbsent(digest.window(), digest);
                    assertThat(other == null || other.isEqual(digest)).isTrue();
                }
            }
            any.close();
        }
    }

    private static void runAtRandom(ComparedReplicas world, Random random) {
        world.appendMany(1);
        Windows windows = new Windows(1 + random.nextInt(6), List.of("date-not-compared"), ComparedReplicas.NAMES);
        world.append(new SettingsRecord(ComparedReplicas.settings(1, windows)));
        for (String name : ComparedReplicas.NAMES) {
            boolean aware = random.nextInt(3) == 0;
            world.add(new ComparedReplica(world.cluster(), name, aware, ComparedReplica.Wrong.NEVER)
                    .with(ComparedReplicas.settings(1, windows), "", null, 1 + random.nextInt(2_000)));
        }
        for (int i = 0; i < 300; i++) {
            int choice = random.nextInt(40);
            ComparedReplica replica = world.get(random.nextInt(3));
            if (choice < 10) {
                appendOrRepeat(world, random);
            } else if (choice == 10) {
                replica.restart();
            } else if (choice == 11) {
                replica.killApp();
            } else if (choice == 12) {
                world.append(new CloseWindowRecord("random"));
            } else if (choice == 13) {
                world.append(new SettingsRecord(ComparedReplicas.settings(
                        2 + i, new Windows(random.nextInt(6), List.of(), ComparedReplicas.NAMES))));
            } else {
                replica.step();
            }
        }
        world.append(new SettingsRecord(
                ComparedReplicas.settings(1_000, new Windows(3, List.of(), ComparedReplicas.NAMES))));
        world.settle();
        world.appendMany(40);
        world.settle();
    }

    private static void appendOrRepeat(ComparedReplicas world, Random random) {
        if (random.nextInt(8) == 0) {
            world.repeat();
        } else {
            world.appendMany(1);
        }
    }
}

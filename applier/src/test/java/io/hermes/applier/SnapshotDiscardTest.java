package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.LogContent;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.Windows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that is rebuilt does not go on from a snapshot of the app that was contradicted. */
class SnapshotDiscardTest {

    @TempDir
    private Path directory;

    private ComparedReplicas world = new ComparedReplicas(null);
    private Executor finishing = Runnable::run;
    private int batchBytes = 1_000;

    @BeforeEach
    void makeWorld() {
        world = new ComparedReplicas(directory);
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    @Test
    void snapshotsBeforeADifferenceAreKeptThoughEqualWindowsFollowed() throws Exception {
        Accused accused = toVerdict(false);

        world.appendMany(40);
        world.step(2, 150);

        assertThat(accused.positions()).containsExactly(accused.good());
    }

    @Test
    void snapshotsAfterADifferenceAreNotKeptThoughFurtherWindowsDiffered() {
        batchBytes = 1 << 20;
        world.batchesOf(batchBytes);
        Accused accused = toDifference(true);
        world.step(0, 20);
        world.step(1, 20);
        world.appendMany(40);
        world.step(0, 50);
        world.step(1, 50);

        world.settle();

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(world.get(2).appIncarnations()).isEqualTo(2);
    }

    @Test
    void replicaThatEndsAfterTheVerdictDoesNotGoOnFromItsWrongSnapshot() throws Exception {
        Accused accused = toVerdict(true);

        world.get(2).restart();
        world.request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(world.get(2).states()).endsWith(ReplicaState.SERVING);
        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.status().divergence().unequal()).isOne();
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(6);
        });
    }

    @Test
    void appThatEndsAfterTheVerdictDoesNotGoOnFromItsWrongSnapshot() throws Exception {
        Accused accused = toVerdict(true);

        world.get(2).killApp();
        world.request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(6);
        });
    }

    @Test
    void replicaThatIsContradictedAfterItEndedDoesNotGoOnFromItsWrongSnapshot() {
        Accused accused = toDifference(true);
        world.get(2).restart();
        world.step(2, 50);

        world.request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(world.all()).allSatisfy(replica -> {
            assertThat(replica.status().divergence().equalBelow()).isEqualTo(6);
        });
    }

    @Test
    void snapshotUnderWayAtTheVerdictDoesNotStay() throws Exception {
        List<Runnable> left = new ArrayList<>();
        finishing = left::add;
        Accused accused = toVerdict(true);

        world.settle();
        left.forEach(Runnable::run);
        world.request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(failures()).containsExactly("", "other replicas contradicted the app");
        assertThat(world.get(0).status().divergence().equalBelow()).isEqualTo(6);
    }

    @Test
    void snapshotThatWasDoneAfterTheVerdictDoesNotCount() throws Exception {
        List<Runnable> left = new ArrayList<>();
        finishing = left::add;
        Accused accused = toVerdict(true);
        left.forEach(Runnable::run);

        world.request(16);

        assertThat(accused.positions()).containsExactly(accused.good());
        assertThat(failures()).containsExactly("", "other replicas contradicted the app");
    }

    @Test
    void replicaTakesNoSnapshotBetweenVerdictAndEnd() throws Exception {
        toVerdict(true);

        world.append(new TakeSnapshotRecord("replica-2"));
        world.settle();

        assertThat(failures()).containsExactly("", "", "this replica began anew before it was taken");
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
        for (int i = 0; i < 20 && world.digests().size() < 6; i++) {
            world.step(0, 1);
            world.step(1, 1);
        }
        for (int i = 0; i < 20 && world.get(2).status().state() != ReplicaState.QUARANTINED; i++) {
            world.step(2, 1);
        }
        return accused;
    }

    /** The third replica has answered wrongly, and the others have not answered yet. */
    private Accused toDifference(boolean staysWrong) {
        Windows windows = new Windows(4, List.of(), ComparedReplicas.NAMES);
        world.beginTwo(windows, ComparedReplica.Wrong.NEVER);
        Path folder = directory.resolve("snapshots");
        Executor now = Runnable::run;
        Executor chosen = finishing;
        SnapshotStore store = new SnapshotStore(folder, Failpoints.NONE);
        ComparedReplica third = new ComparedReplica(world.cluster(), "replica-2", false, ComparedReplica.Wrong.ONCE)
                .withSnapshots(folder, task -> (store.positions().isEmpty() ? now : chosen).execute(task));
        world.add((staysWrong ? third.thatStaysWrong() : third)
                .with(ComparedReplicas.settings(1, windows), "", directory.resolve("replica-2"), batchBytes));
        world.request(2);
        world.append(new TakeSnapshotRecord("replica-2"));
        world.request(2);
        long good = store.positions().get(0);
        world.appendMany(4);
        world.step(2, 20);
        world.append(new TakeSnapshotRecord("replica-2"));
        world.step(2, 20);
        return new Accused(store, good);
    }

    private List<String> failures() throws Exception {
        List<String> failures = new ArrayList<>();
        for (LogContent content : world.contents()) {
            if (content instanceof SnapshotTakenRecord taken) {
                failures.add(taken.failure());
            }
        }
        return failures;
    }
}

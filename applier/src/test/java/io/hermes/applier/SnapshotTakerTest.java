package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that take snapshots when the log says so. */
class SnapshotTakerTest {

    @TempDir
    Path temp = Path.of("");

    private SnapshotFixture world = new SnapshotFixture(temp);

    @BeforeEach
    void makeWorld() {
        world = new SnapshotFixture(temp);
    }

    @Test
    void replicaThatWasAskedSaysWhatItHasTaken() throws Exception {
        world.takeAfter(world.replica(), 1, 1);

        List<SnapshotTakenRecord> taken = world.taken();

        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).failure()).isEmpty();
        assertThat(taken.get(0).sha256())
                .isEqualTo(world.store().verify(taken.get(0).position()).sha256());
    }

    @Test
    void replicaThatWasNotAskedTakesNone() throws Exception {
        ApplyLoop loop = world.replica();
        world.run(loop);
        world.append(new TakeSnapshotRecord("replica-1"));

        world.run(loop);

        assertThat(world.store().positions()).isEmpty();
    }

    @Test
    void replicaWaitsForThePeerWhoseSnapshotIsUnderWay() throws Exception {
        ApplyLoop loop = world.replica();
        world.run(loop);
        world.append(new TakeSnapshotRecord("replica-1"));
        world.append(new TakeSnapshotRecord("replica-0"));

        world.run(loop);

        assertThat(world.taken())
                .extracting(SnapshotTakenRecord::failure)
                .containsExactly("the one of replica-1 is under way");
    }

    @Test
    void dueSnapshotIsAskedForInTheLog() throws Exception {
        ApplyLoop loop = world.replica(new SnapshotConfig.Due(3, Duration.ZERO));
        for (int i = 1; i <= 5; i++) {
            world.append(Calls.record(i));
        }

        world.run(loop);

        assertThat(world.taken()).hasSize(1);
        assertThat(world.store().positions()).hasSize(1);
    }

    @Test
    void fullDiskCostsTheSnapshotOnly() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        List<Long> before = world.store().positions();
        world.app().failToSave("No space left on device");

        world.takeAfter(loop, 3, 4);

        assertThat(world.taken().get(1).failure()).contains("No space left");
        assertThat(world.store().positions()).isEqualTo(before);
        assertThat(world.state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void fullDiskAfterTheAppsStateWasGotCostsTheSnapshotOnly() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        List<Long> before = world.store().positions();
        world.finishBy(task -> {
            fillDisk();
            task.run();
        });

        world.takeAfter(loop, 3, 4);

        assertThat(world.taken().get(1).failure()).contains("No space left");
        assertThat(temp.resolve("snapshots").toFile().list())
                .containsExactly(before.get(0).toString());
    }

    @Test
    void appThatDiesWhileItsStateIsCopiedCostsTheSnapshotOnly() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        List<Long> before = world.store().positions();
        world.app().dieWhenSaved();

        world.takeAfter(loop, 3, 4);

        assertThat(world.taken().get(1).failure()).contains("the app ended");
        assertThat(world.store().positions()).isEqualTo(before);
        assertThat(world.app().lines()).hasSize(4);
        assertThat(world.state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void replicaGoesOnWhileItsSnapshotIsBroughtToDisk() throws Exception {
        List<Runnable> left = new ArrayList<>();
        world.finishBy(left::add);
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        world.append(Calls.record(3));

        world.run(loop);

        assertThat(world.app().lines()).hasSize(3);
        assertThat(world.taken()).isEmpty();
        left.forEach(Runnable::run);
        world.run(loop);
        assertThat(world.taken()).extracting(SnapshotTakenRecord::failure).containsExactly("");
        assertThat(world.beginsWith(world.store().positions().get(0))).hasSize(2);
    }

    @Test
    void snapshotThatWillNotBeTakenIsNoLongerAnnounced() throws Exception {
        try (KeptSnapshots snapshots = new KeptSnapshots(
                world.app(),
                null,
                "replica-0",
                SnapshotSamples.config(temp.resolve("snapshots"), SnapshotConfig.Due.NEVER),
                Failpoints.NONE,
                () -> 0)) {
            snapshots.open(world.backend(), new Incarnation("replica-0-1"));
            snapshots.taking().onAsked(7, new TakeSnapshotRecord("replica-0"));
            doNothing(snapshots);
            boolean announced = snapshots.notice().underWay();

            snapshots.taking().onTaken(SnapshotTakenRecord.failed("replica-0", "the one asked for before"));
            doNothing(snapshots);

            assertThat(announced).isTrue();
            assertThat(snapshots.notice().underWay()).isFalse();
        }
    }

    @Test
    void snapshotThatWasAskedForWhileAnotherWasUnderWayIsTakenAfterIt() throws Exception {
        List<Runnable> left = new ArrayList<>();
        world.finishBy(left::add);
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        world.takeAfter(loop, 3, 4);

        world.finishBy(Runnable::run);
        left.forEach(Runnable::run);
        world.run(loop);

        assertThat(world.taken()).hasSize(2);
        assertThat(world.beginsWith(world.store().positions().get(0))).hasSize(4);
    }

    @Test
    void replicaThatDiesInsideASnapshotBeginsWithTheOneBefore() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        List<Long> before = world.store().positions();
        world.dieAt(Failpoint.INSIDE_SNAPSHOT, loop);

        world.run(world.replica());

        assertThat(world.store().positions()).isEqualTo(before);
        assertThat(world.app().lines()).hasSize(4);
        assertThat(world.taken())
                .last()
                .extracting(SnapshotTakenRecord::failure)
                .asString()
                .contains("began anew");
    }

    @Test
    void replicaThatDiesAfterASnapshotBeginsWithItAndSaysSo() throws Exception {
        ApplyLoop loop = world.replica();
        world.dieAt(Failpoint.AFTER_SNAPSHOT, loop);
        int before = world.app().executed();

        world.run(world.replica());

        assertThat(world.app().executed()).isEqualTo(before);
        assertThat(world.app().lines()).hasSize(2);
        assertThat(world.taken())
                .extracting(SnapshotTakenRecord::position)
                .containsExactly(world.store().positions().get(0));
    }

    private void doNothing(Snapshots snapshots) {
        snapshots
                .taking()
                .doWork(
                        world.backend().log(),
                        0,
                        () -> {
                            throw new AssertionError("nothing is to be taken");
                        },
                        () -> true);
    }

    /** There is no room for the checkpoint of a snapshot whose app's state was got. */
    private void fillDisk() {
        Path folder = temp.resolve("snapshots");
        try (Stream<Path> content = Files.list(folder)) {
            for (Path each : content.filter(
                            name -> name.getFileName().toString().startsWith("new-"))
                    .toList()) {
                Files.createSymbolicLink(SnapshotStore.file(each, SnapshotPart.CHECKPOINT), Path.of("/dev/full"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

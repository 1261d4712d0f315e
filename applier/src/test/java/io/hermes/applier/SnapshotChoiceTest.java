package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hermes.log.Position;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.TakeSnapshotRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of its snapshots a replica begins with, and which not. */
class SnapshotChoiceTest {

    @TempDir
    Path temp = Path.of("");

    private SnapshotFixture world = new SnapshotFixture(temp);

    @BeforeEach
    void makeWorld() {
        world = new SnapshotFixture(temp);
    }

    @Test
    void damagedSnapshotIsPassedOverForAnOlderOne() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        world.takeAfter(loop, 3, 4);
        SnapshotSamples.flip(world.store().file(world.store().positions().get(0), SnapshotPart.APP));
        int before = world.app().executed();

        world.app().die();
        world.run(loop);

        assertThat(world.app().lines()).hasSize(4);
        assertThat(world.app().executed() - before).isEqualTo(2);
    }

    @Test
    void logIsReplayedWhenEverySnapshotIsDamaged() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        SnapshotSamples.flip(world.store().file(world.store().positions().get(0), SnapshotPart.CHECKPOINT));
        int before = world.app().executed();

        world.app().die();
        world.run(loop);

        assertThat(world.app().executed() - before).isEqualTo(2);
    }

    @Test
    void replicaGoesOnBehindATrimmedLogFromItsSnapshot() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 3);
        world.append(Calls.record(4));
        world.run(loop);
        world.backend()
                .log()
                .trimBefore(new Position(world.store().positions().get(0)))
                .join();

        world.run(world.replica());

        assertThat(world.app().lines()).hasSize(4);
        assertThat(world.state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void replicaWithoutAWayToTheTrimmedLogRefusesToStart() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 3);
        long position = world.store().positions().get(0);
        world.backend().log().trimBefore(new Position(position)).join();
        SnapshotSamples.flip(world.store().file(position, SnapshotPart.APP));

        assertThatThrownBy(() -> world.run(world.replica()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no longer holds what follows position 0")
                .hasMessageContaining(Long.toString(position))
                .hasMessageContaining("damaged");
    }

    @Test
    void snapshotFromWhichTheLogNoLongerGoesOnIsNotUsedAgain() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        world.takeAfter(loop, 3, 4);
        List<Long> positions = world.store().positions();
        world.backend().log().trimBefore(new Position(positions.get(0))).join();
        SnapshotSamples.flip(world.store().file(positions.get(0), SnapshotPart.APP));

        assertThatThrownBy(() -> world.run(world.replica()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no longer holds what follows position " + positions.get(1));
    }

    @Test
    void snapshotThatHoldsARequestGivenUpSinceIsNotUsed() {
        ApplyLoop loop = world.replica();
        world.run(loop);
        long bad = world.append(Calls.record(1));
        world.append(Calls.record(2));
        world.append(new TakeSnapshotRecord("replica-0"));
        world.run(loop);

        world.append(new SkipRecord(bad, "wrong"));
        world.run(loop);

        assertThat(world.app().lines()).singleElement().asString().endsWith("body 2");
    }

    @Test
    void snapshotThatKnowsOfASkipIsUsedWhenTheSkipComesAgain() {
        ApplyLoop loop = world.replica();
        world.run(loop);
        long bad = world.append(Calls.record(1));
        world.append(new SkipRecord(bad, "wrong"));
        world.run(loop);
        world.takeAfter(loop, 2, 3);
        int before = world.app().executed();

        world.app().die();
        world.run(loop);

        assertThat(world.app().lines()).hasSize(2);
        assertThat(world.app().executed()).isEqualTo(before);
    }

    @Test
    void snapshotOfALogThatWentOnOtherwiseIsNotUsed() throws Exception {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        long position = world.store().positions().get(0);
        Checkpoint checkpoint = world.store().checkpoint(position);
        world.rewrite(
                position, new Checkpoint.Anchor(checkpoint.anchor().knownSkips(), Digests.ofBytes(new byte[] {1})));
        int before = world.app().executed();

        world.app().die();
        world.run(loop);

        assertThat(world.app().executed() - before).isEqualTo(2);
        assertThat(world.state()).isEqualTo(ReplicaState.SERVING);
    }
}

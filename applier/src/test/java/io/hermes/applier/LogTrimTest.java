package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.Windows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTrimTest {

    @Test
    void olderSnapshotOfTheMajorityIsKept() {
        List<Notice.OfReplica> all = List.of(replica("a", 90, 40), replica("b", 80, 30), replica("c", 70, 20));

        assertThat(LogTrim.firstToKeep(all, all, 3, List.of())).isEqualTo(30);
    }

    @Test
    void nothingIsForgottenWhenOnlyAMinorityHasTwoSnapshots() {
        List<Notice.OfReplica> all = List.of(replica("a", 90, 40), replica("b", 80, 0), replica("c", 0, 0));

        assertThat(LogTrim.firstToKeep(all, all, 3, List.of())).isZero();
    }

    @Test
    void silentReplicaCountsAsOneOfAllAndNotAsOneThatHas() {
        Notice.OfReplica alive = replica("a", 90, 40);
        List<Notice.OfReplica> all = List.of(alive, replica("b", 80, 30), replica("c", 70, 20));

        assertThat(LogTrim.firstToKeep(all, List.of(alive), 3, List.of())).isZero();
    }

    @Test
    void replicasThatTheBoardForgotCountAsOneOfAll() {
        List<Notice.OfReplica> left = List.of(replica("a", 90, 40), replica("b", 80, 30));

        assertThat(LogTrim.firstToKeep(left, left, 5, List.of())).isZero();
    }

    @Test
    void replicaThatKnowsNobodyKeepsTheLog() {
        List<Notice.OfReplica> alone = List.of(replica("a", 90, 40));

        assertThat(LogTrim.firstToKeep(alone, alone, 1, List.of())).isZero();
    }

    @Test
    void liveReplicaThatIsBehindHoldsTheLogBack() {
        List<Notice.OfReplica> all =
                List.of(replica("a", 90, 40), replica("b", 80, 30), replica("c", 0, 0, 12, "somewhere"));

        assertThat(LogTrim.firstToKeep(all, all, 3, List.of())).isEqualTo(12);
    }

    @Test
    void replicaThatKeepsNoSnapshotsNeedsTheWholeLog() {
        List<Notice.OfReplica> all = List.of(replica("a", 90, 40), replica("b", 80, 30), replica("c", 0, 0, 100, ""));

        assertThat(LogTrim.firstToKeep(all, all, 3, List.of())).isZero();
    }

    @Test
    void replicaThatIsListedNoMoreDoesNotHoldTheLogBack() {
        Notice.OfReplica removed = replica("c", 0, 0, 12, "");
        List<Notice.OfReplica> all = List.of(replica("a", 90, 40), replica("b", 80, 30), removed);

        assertThat(LogTrim.firstToKeep(all, all, 3, List.of("a", "b"))).isEqualTo(30);
    }

    @Test
    void removedReplicaThatIsDeadDoesNotCount() {
        List<Notice.OfReplica> left = List.of(replica("a", 90, 40), replica("b", 80, 30));
        List<Notice.OfReplica> known =
                List.of(left.get(0), left.get(1), replica("c", 0, 0), replica("d", 0, 0), replica("e", 0, 0));

        assertThat(LogTrim.firstToKeep(known, left, 5, List.of("a", "b", "c"))).isEqualTo(30);
        assertThat(LogTrim.firstToKeep(known, left, 5, List.of())).isZero();
    }

    @Test
    void snapshotsOfAReplicaThatIsNotListedDoNotCount() {
        List<Notice.OfReplica> all = List.of(replica("a", 90, 40), replica("x", 80, 30), replica("y", 80, 30));

        assertThat(LogTrim.firstToKeep(all, all, 3, List.of("a", "b", "c"))).isZero();
    }

    @Test
    void listedReplicasThatNobodyHasHeardOfMakeTheMajorityLarger() {
        List<Notice.OfReplica> heard = List.of(replica("a", 90, 40), replica("b", 80, 30));

        assertThat(LogTrim.firstToKeep(heard, heard, 2, List.of("a", "b", "c", "d")))
                .isZero();
        assertThat(LogTrim.firstToKeep(heard, heard, 2, List.of("a", "b", "c"))).isEqualTo(30);
    }

    @Test
    void replicasThatTheLogListsAreThoseThatTrimmingCounts(@TempDir Path temp) {
        SnapshotFixture world = new SnapshotFixture(temp);
        ApplyLoop loop = world.replica();
        world.run(loop);
        world.append(listing(1, "replica-0", "replica-1", "replica-2"));
        world.run(loop);
        world.append(listing(2, "replica-0", "replica-1"));

        world.run(loop);

        assertThat(world.listed()).containsExactly("replica-0", "replica-1");
    }

    private static SettingsRecord listing(long revision, String... names) {
        return new SettingsRecord(
                new Settings(revision, 1, 1_000, Duration.ofHours(24), 1_000, Duration.ofMinutes(10), 1_000_000)
                        .withWindows(new Windows(4, List.of(), List.of(names))));
    }

    private static Notice.OfReplica replica(String name, long position, long older) {
        return replica(name, position, older, 100, "somewhere");
    }

    private static Notice.OfReplica replica(String name, long position, long older, long applied, String address) {
        return new Notice.OfReplica(
                name,
                new Incarnation(name + "-1"),
                ReplicaState.SERVING,
                applied,
                "",
                1,
                0,
                0,
                Notice.Reads.NONE,
                new Notice.Snapshots(position, older, 1, "ab", address, Settings.FEATURE_LEVEL),
                Notice.Divergence.NONE);
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.TakeSnapshotRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas whose app is given the state of a snapshot, or of a backup. */
class SnapshotRestoreTest {

    @TempDir
    Path temp = Path.of("");

    private SnapshotFixture world = new SnapshotFixture(temp);

    @BeforeEach
    void makeWorld() {
        world = new SnapshotFixture(temp);
    }

    @Test
    void nextIncarnationBeginsWithTheSnapshot() {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 3);
        world.append(Calls.record(4));
        world.run(loop);
        int before = world.app().executed();

        world.app().die();
        world.run(loop);

        assertThat(world.app().lines()).hasSize(4);
        assertThat(world.app().executed() - before).isEqualTo(1);
    }

    @Test
    void whatIsKnownAfterARestoreIsWhatAReplayKnows() throws Exception {
        ApplyLoop loop = world.replica();
        world.run(loop);
        world.append(Calls.named("before", 1, "a"));
        world.append(Calls.record(2));
        world.append(new TakeSnapshotRecord("replica-0"));
        world.run(loop);
        world.append(Calls.named("before", 3, "a"));
        world.append(Calls.named("before", 4, "different"));
        world.append(Calls.named("after", 5, "b"));
        world.app().die();
        world.run(loop);
        world.append(new TakeSnapshotRecord("replica-0"));
        world.run(loop);
        List<String> restored = world.app().lines();
        long newest = world.store().positions().get(0);

        Checkpoint byReplay = replayedThrough(newest);

        assertThat(world.app().lines()).isEqualTo(restored);
        assertThat(CheckpointCodec.encode(world.store().checkpoint(newest)))
                .isEqualTo(CheckpointCodec.encode(byReplay));
    }

    @Test
    void repeatOfARequestBeforeTheSnapshotIsNotExecutedAgain() {
        ApplyLoop loop = world.replica();
        world.append(Calls.named("k", 1, "body"));
        world.takeAfter(loop, 2, 2);
        world.app().die();
        world.run(loop);

        world.append(Calls.named("k", 3, "body"));
        world.run(loop);

        assertThat(world.app().lines()).hasSize(2);
    }

    @Test
    void replicaThatDiesInsideARestoreBeginsAnewWithIt() {
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        world.app().die();
        ApplyLoop dying = world.replica();
        world.dieAt(Failpoint.INSIDE_RESTORE, () -> world.run(dying));

        world.run(world.replica());

        assertThat(world.app().lines()).hasSize(2);
    }

    @Test
    void emptyAppThatKeepsItsStateIsGivenIt() throws Exception {
        world.app().keepState();
        ApplyLoop loop = world.replica();
        world.append(Calls.named("k", 1, "body"));
        world.takeAfter(loop, 2, 3);
        world.backend()
                .log()
                .trimBefore(new Position(world.store().positions().get(0)))
                .join();
        loseAppAndCheckpoints();
        int before = world.app().executed();

        ApplyLoop again = world.replica();
        world.run(again);
        world.append(Calls.named("k", 4, "body"));
        world.run(again);

        assertThat(world.app().lines()).hasSize(3);
        assertThat(world.app().executed()).isEqualTo(before);
        assertThat(world.state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void appThatHasAStateOfItsOwnIsGivenNone() {
        world.app().keepState();
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        world.append(Calls.record(3));
        world.run(loop);
        List<String> before = world.app().lines();

        world.app().die();
        world.run(loop);

        assertThat(world.app().lines()).isEqualTo(before);
        assertThat(world.state()).isEqualTo(ReplicaState.SERVING);
    }

    @Test
    void appIsNotLeftWithAStateOfALogThatWentOnOtherwise() throws Exception {
        world.app().keepState();
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 2);
        long position = world.store().positions().get(0);
        world.rewrite(position, new Checkpoint.Anchor(List.of(), Digests.ofBytes(new byte[] {1})));
        loseAppAndCheckpoints();
        int before = world.app().executed();

        world.run(world.replica());

        assertThat(world.app().executed() - before).isEqualTo(2);
        assertThat(world.app().lines()).hasSize(2);
    }

    @Test
    void everyIncarnationBeginsWithTheStateOfABackup() throws Exception {
        world.beginWith(InitialState.of(Files.write(temp.resolve("backup"), List.of("7 old", "8 older"))));
        ApplyLoop loop = world.replica();
        world.run(loop);
        world.append(Calls.record(1));
        world.run(loop);

        world.app().die();
        world.run(loop);

        assertThat(world.app().lines()).hasSize(3).startsWith("7 old", "8 older");
    }

    @Test
    void stateOfABackupStandsInTheLogBeforeTheFirstRequest() throws Exception {
        InitialState state = InitialState.of(Files.write(temp.resolve("backup"), List.of("7 old")));
        world.beginWith(state);
        world.run(world.replica());

        List<LogContent> contents = new ArrayList<>();
        for (LogRecord record : world.records()) {
            contents.add(RecordCodec.decode(record.bytes()));
        }

        assertThat(contents).contains(new InitialStateRecord(state.digest()));
    }

    @Test
    void ownSnapshotIsNewerThanTheStateOfABackup() throws Exception {
        world.beginWith(InitialState.of(Files.write(temp.resolve("backup"), List.of("7 old"))));
        ApplyLoop loop = world.replica();
        world.takeAfter(loop, 1, 3);

        world.app().die();
        world.run(loop);

        assertThat(world.app().lines()).hasSize(4).startsWith("7 old");
    }

    private void loseAppAndCheckpoints() throws IOException {
        world.app().wipe();
        for (Path each : checkpoints()) {
            Files.delete(each);
        }
    }

    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> content = Files.list(temp)) {
            return content.filter(Files::isRegularFile).toList();
        }
    }

    private Checkpoint replayedThrough(long position) throws Exception {
        LinesApp replayed = new LinesApp();
        replayed.begin();
        History history = new History(
                new History.Collaborators(
                        replayed,
                        new DisposableContinuity(),
                        new ReplyOutbox(world.backend().replies(), "replica-9", new Incarnation("replica-9-1")),
                        Failpoints.NONE,
                        SnapshotTaking.NONE,
                        () -> 0),
                ApplierConfig.of("replica-9", new Incarnation("replica-9-1")),
                History.Beginning.NOTHING,
                "replica-9-1/0");
        List<LogRecord> through = world.records().stream()
                .filter(record -> record.position().value() <= position)
                .toList();
        history.apply(through);
        return history.checkpoint(world.backend().log().identity());
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.LogBackend;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Comparison;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SnapshotPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica without a snapshot of its own makes of those that others announce. */
class SnapshotFromPeerTest {

    private static final Snapshots.Need NEED = new Snapshots.Need("memory", Map.of(), "");

    @TempDir
    Path temp = Path.of("");

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final AtomicLong nanos = new AtomicLong();
    private final Map<String, Snapshots> members = new LinkedHashMap<>();
    private final LogBackend board = new MemoryLogBackend(cluster);

    @AfterEach
    void closeMembers() {
        members.values().forEach(Snapshots::close);
    }

    @Test
    void newestOfThePeersIsFetched() throws IOException {
        peer("replica-0", 7, "memory");
        peer("replica-1", 9, "memory");

        assertThat(chosenByANewReplica()).isEqualTo(9);
    }

    @Test
    void damagedSnapshotOfOnePeerIsReplacedByThatOfAnother() throws IOException {
        peer("replica-0", 7, "memory");
        Path damaged = peer("replica-1", 9, "memory");
        SnapshotRestoreTest.flip(SnapshotStore.file(damaged.resolve("9"), SnapshotPart.APP));

        assertThat(chosenByANewReplica()).isEqualTo(7);
    }

    @Test
    void snapshotOfAnotherLogIsOfNoUse() throws IOException {
        peer("replica-0", 7, "another log");

        assertThat(chosenByANewReplica()).isZero();
    }

    @Test
    void replicaBeginsWithNothingWhenNobodyHasASnapshot() throws IOException {
        assertThat(chosenByANewReplica()).isZero();
    }

    /** The position of what a replica that has nothing begins with; 0 for nothing. */
    private long chosenByANewReplica() throws IOException {
        Snapshots fresh = open("replica-2");
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            nanos.addAndGet(10_000_000);
            tell();
            return fresh.decide(NEED);
        });
        Snapshots.@Nullable Chosen chosen = fresh.chosen();
        return chosen == null ? 0 : chosen.manifest().position();
    }

    private Path peer(String name, long position, String logIdentity) throws IOException {
        Path folder = temp.resolve(name);
        SnapshotStore store = new SnapshotStore(folder, Failpoints.NONE);
        store.open();
        Checkpoint checkpoint = new Checkpoint(
                logIdentity,
                position,
                position,
                0,
                0,
                false,
                Settings.BEFORE_ANY_RECORD,
                null,
                List.of(),
                List.of(),
                List.of(),
                new Checkpoint.Anchor(List.of(), "ab"),
                Comparison.NONE);
        var unused = store.write(
                checkpoint,
                new SnapshotStore.Origin(name, "DIRECTORY", ""),
                file -> Files.writeString(file, "state of " + name));
        Snapshots snapshots = open(name);
        await().until(() -> snapshots.notice().position() == position);
        return folder;
    }

    private Snapshots open(String name) throws IOException {
        Snapshots snapshots = new Snapshots(
                SnapshotRestoreTest.config(temp.resolve(name), SnapshotConfig.Due.NEVER),
                new LinesApp(),
                name,
                Failpoints.NONE,
                nanos::get);
        members.put(name, snapshots);
        snapshots.open(new MemoryLogBackend(cluster), new Incarnation(name + "-1"));
        return snapshots;
    }

    private void tell() {
        members.forEach((name, snapshots) -> board.bulletin()
                .publish(
                        "replica/" + name,
                        NoticeCodec.encode(new Notice.OfReplica(
                                name,
                                new Incarnation(name + "-1"),
                                ReplicaState.SERVING,
                                9,
                                "",
                                1,
                                0,
                                0,
                                Notice.Reads.NONE,
                                snapshots.notice(),
                                Notice.Divergence.NONE))));
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hermes.log.LogBackend;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Incarnation;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.SnapshotPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica without a snapshot of its own makes of those that others announce. */
class SnapshotFromPeerTest {

    private static final Beginnings.Need NEED = new Beginnings.Need("memory", Map.of(), "");

    @TempDir
    Path temp = Path.of("");

    private final MemoryCluster cluster = MemoryCluster.atOnce();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<String> dying = new AtomicReference<>("");
    private final AtomicBoolean dead = new AtomicBoolean();
    private int runs;
    private final Map<String, Snapshots> members = new LinkedHashMap<>();
    private final Map<String, Incarnation> incarnations = new HashMap<>();
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
        SnapshotSamples.flip(SnapshotStore.file(damaged.resolve("9"), SnapshotPart.APP));

        assertThat(chosenByANewReplica()).isEqualTo(7);
    }

    @Test
    void peerThatDiesWhileItSendsIsReplacedByAnother() throws IOException {
        peer("replica-0", 7, "memory");
        peer("replica-1", 9, "memory");
        dying.set("replica-1");

        assertThat(chosenByANewReplica()).isEqualTo(7);
    }

    @Test
    void peerThatDiesWhileItSendsAndRunsAgainGoesOnSending() throws IOException {
        peer("replica-1", 9, "memory");
        dying.set("replica-1");
        Snapshots fresh = open("replica-2");
        decideUntil(fresh, () -> dead.get());
        Objects.requireNonNull(members.remove("replica-1")).close();
        dying.set("");

        Snapshots again = open("replica-1");

        await().until(() -> again.notice().position() == 9);
        assertThat(chosenBy(fresh)).isEqualTo(9);
    }

    @Test
    void peerThatWasSilentForLongIsAskedAgainIfNobodyElseHasASnapshot() throws IOException {
        peer("replica-1", 9, "memory");
        dying.set("replica-1");
        Snapshots fresh = open("replica-2");
        fresh.beginnings().onTrimmed(0);
        decideUntil(fresh, () -> fresh.beginnings().progress().startsWith("looking") && dead.get());

        dying.set("");

        assertThat(chosenBy(fresh)).isEqualTo(9);
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
        return chosenBy(open("replica-2"));
    }

    private long chosenBy(Snapshots fresh) {
        decideUntil(fresh, () -> false);
        Beginnings.@Nullable Chosen chosen = fresh.beginnings().chosen();
        return chosen == null ? 0 : chosen.manifest().position();
    }

    private void decideUntil(Snapshots fresh, BooleanSupplier enough) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            nanos.addAndGet(50_000_000);
            tell();
            return fresh.beginnings().decide(NEED) || enough.getAsBoolean();
        });
    }

    private Path peer(String name, long position, String logIdentity) throws IOException {
        Path folder = temp.resolve(name);
        SnapshotStore store = new SnapshotStore(folder, Failpoints.NONE);
        store.open();
        Checkpoint checkpoint = SnapshotSamples.checkpoint(logIdentity, position);
        var unused = store.finish(
                store.begin(checkpoint, file -> Files.writeString(file, "state of " + name)),
                new SnapshotStore.Origin(name, "DIRECTORY", ""));
        Snapshots snapshots = open(name);
        await().until(() -> snapshots.notice().position() == position);
        return folder;
    }

    private Snapshots open(String name) throws IOException {
        Snapshots snapshots = new KeptSnapshots(
                new LinesApp(),
                null,
                name,
                SnapshotSamples.config(temp.resolve(name), SnapshotConfig.Due.NEVER),
                point -> dieIfDying(name, point),
                nanos::get);
        members.put(name, snapshots);
        runs++;
        incarnations.put(name, new Incarnation(name + "-" + runs));
        snapshots.open(new MemoryLogBackend(cluster), incarnation(name));
        return snapshots;
    }

    private Incarnation incarnation(String name) {
        return Objects.requireNonNull(incarnations.get(name));
    }

    /** A peer that dies sends nothing more; what it has told stays on the board for a while. */
    private void dieIfDying(String name, Failpoint point) {
        if (point == Failpoint.INSIDE_SENDING && name.equals(dying.get())) {
            dead.set(true);
            throw new IllegalStateException(name + " is dead");
        }
    }

    private void tell() {
        members.forEach((name, snapshots) -> board.bulletin()
                .publish(
                        "replica/" + name,
                        NoticeCodec.encode(SnapshotSamples.notice(name, incarnation(name), snapshots.notice()))));
    }
}

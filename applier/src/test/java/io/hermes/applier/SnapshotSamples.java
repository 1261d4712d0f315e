package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.Comparison;
import io.hermes.proto.Incarnation;
import io.hermes.proto.Notice;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What tests of snapshots begin with, valid unless they change it. */
final class SnapshotSamples {

    private SnapshotSamples() {}

    /** Of nothing, as of a position of a log. */
    static Checkpoint checkpoint(String logIdentity, long position, Long... knownSkips) {
        return new Checkpoint(
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
                new Checkpoint.Anchor(List.of(knownSkips), "ab"),
                Comparison.NONE);
    }

    static SnapshotConfig config(Path folder, SnapshotConfig.Due due) {
        return new SnapshotConfig(
                folder,
                SnapshotConfig.Via.DIRECTORY,
                "",
                new SnapshotConfig.Http("", ""),
                new SnapshotConfig.Command(List.of(), List.of()),
                2,
                due,
                Duration.ofMinutes(1),
                Duration.ofHours(6),
                false,
                "");
    }

    /** What replica-0 tells that has a snapshot, which is to be had at an address. */
    static Notice.OfReplica notice(SnapshotManifest manifest, String address) {
        return notice(
                "replica-0",
                new Incarnation("replica-0-1"),
                new Notice.Snapshots(
                        manifest.position(), 0, manifest.bytes(), manifest.sha256(), address, Settings.FEATURE_LEVEL));
    }

    static Notice.OfReplica notice(String replica, Incarnation run, Notice.Snapshots snapshots) {
        return new Notice.OfReplica(
                replica,
                run,
                ReplicaState.SERVING,
                9,
                "",
                1,
                0,
                0,
                Notice.Reads.NONE,
                snapshots,
                Notice.Divergence.NONE);
    }

    /** Damages a file. */
    static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}

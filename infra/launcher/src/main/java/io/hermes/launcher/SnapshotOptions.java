package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.proto.SnapshotTakenRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose snapshot is wanted, and how long that may take. */
final class SnapshotOptions {

    @Option(
            names = "--replica",
            paramLabel = "NAME",
            description = "which one takes it; otherwise the one whose newest snapshot is the oldest")
    private @Nullable String replica;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "how long to wait for the snapshot to be taken (default 300)")
    private long waitSeconds;

    long waitSeconds() {
        return waitSeconds;
    }

    /** Has one taken. */
    SnapshotTakenRecord take(LogBackend backend) throws Exception {
        return SnapshotOrder.take(backend, replica, waitSeconds);
    }
}

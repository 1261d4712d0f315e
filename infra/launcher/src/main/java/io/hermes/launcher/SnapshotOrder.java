package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.proto.Notice;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Settings;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks one replica for a snapshot by a record in the log, and waits until the log says that it was taken. */
final class SnapshotOrder {

    private static final Duration READ_WAIT = Duration.ofMillis(500);
    private static final int BATCH_BYTES = 1 << 20;

    private SnapshotOrder() {}

    /**
     * Has one taken.
     *
     * @param replica which one is asked; null for the one whose newest snapshot is the oldest
     * @param waitSeconds how long to wait
     * @return what the replica said
     * @throws IllegalStateException if there is none in the end
     */
    static SnapshotTakenRecord take(LogBackend backend, @Nullable String replica, long waitSeconds) throws Exception {
        String asked = choose(Board.look(backend.bulletin()), replica);
        long at = OneRecord.append(
                backend, new TakeSnapshotRecord(asked), "; it may come all the same, see './hermes status'");
        SnapshotTakenRecord taken = await(backend, asked, at, waitSeconds);
        if (!taken.failure().isEmpty()) {
            throw new IllegalStateException(asked + " took no snapshot: " + taken.failure());
        }
        return taken;
    }

    private static String choose(Board board, @Nullable String replica) {
        List<Notice.OfReplica> live =
                board.replicas().stream().filter(board::isAlive).toList();
        live.stream()
                .filter(each -> each.snapshots().featureLevel() < Settings.FEATURE_LEVEL_OF_SNAPSHOTS)
                .findFirst()
                .ifPresent(each -> {
                    throw new IllegalStateException(each.replica()
                            + " does not know snapshots yet, and would halt at the record that asks for one:"
                            + " install the same version everywhere first");
                });
        return live.stream()
                .filter(each -> replica == null || each.replica().equals(replica))
                .filter(each -> each.state() == ReplicaState.SERVING
                        && !each.snapshots().address().isEmpty())
                .min(Comparator.comparingLong(each -> each.snapshots().position()))
                .map(Notice.OfReplica::replica)
                .orElseThrow(() -> new IllegalStateException((replica == null ? "no replica" : replica)
                        + (replica == null ? " serves and keeps snapshots" : " does not serve, or keeps no snapshots")
                        + " (snapshot.via); see './hermes status'"));
    }

    private static SnapshotTakenRecord await(LogBackend backend, String asked, long at, long waitSeconds) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        try (LogReader reader = backend.log().openReader(new Position(at))) {
            while (System.nanoTime() - deadlineNanos < 0) {
                for (LogRecord record : reader.read(BATCH_BYTES, READ_WAIT)) {
                    SnapshotTakenRecord taken = taken(record);
                    // One that was under way already holds less than was there when this one was asked for.
                    if (taken != null
                            && taken.replica().equals(asked)
                            && (!taken.failure().isEmpty() || taken.position() >= at)) {
                        return taken;
                    }
                }
            }
        }
        throw new IllegalStateException(asked + " was asked for a snapshot at position " + at
                + " and has not said what became of it within " + waitSeconds + " s; it may come all the same");
    }

    private static @Nullable SnapshotTakenRecord taken(LogRecord record) {
        try {
            return RecordCodec.decode(record.bytes()) instanceof SnapshotTakenRecord taken ? taken : null;
        } catch (UndecodableException e) {
            return null;
        }
    }
}

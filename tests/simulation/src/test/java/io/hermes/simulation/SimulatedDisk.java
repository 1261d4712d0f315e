package io.hermes.simulation;

import io.hermes.applier.CheckpointStore;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.UndecodableException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps one replica's last three checkpoints, as bytes, across the crashes of its applier. */
final class SimulatedDisk implements CheckpointStore {

    private static final int KEPT = 3;

    private final TreeMap<Long, byte[]> checkpoints = new TreeMap<>();

    @Override
    public @Nullable Checkpoint newestThrough(long executedThrough, String logIdentity) {
        try {
            for (byte[] bytes : checkpoints.descendingMap().values()) {
                Checkpoint checkpoint = CheckpointCodec.decode(bytes);
                if (checkpoint.executedThrough() <= executedThrough) {
                    return checkpoint;
                }
            }
            return null;
        } catch (UndecodableException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void write(Checkpoint checkpoint) {
        checkpoints.put(checkpoint.position(), CheckpointCodec.encode(checkpoint));
        if (checkpoints.size() > KEPT) {
            checkpoints.pollFirstEntry();
        }
    }
}

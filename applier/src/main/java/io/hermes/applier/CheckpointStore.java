package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import org.jspecify.annotations.Nullable;

/** Keeps the last checkpoints of one replica where they outlive this process. Used by the loop's thread. */
public interface CheckpointStore {

    /**
     * The newest usable checkpoint that is not ahead of the app: the app has executed all that it says was executed.
     *
     * @param executedThrough how far the app is
     * @param logIdentity of the log in use; checkpoints of another one are passed over
     * @return null if there is none
     */
    @Nullable
    Checkpoint newestThrough(long executedThrough, String logIdentity);

    /**
     * Whether the app beside this replica has been given another log.
     *
     * @param logIdentity of the log in use
     * @return whether there are checkpoints, and all of them are of other logs
     */
    default boolean isOfAnotherLog(String logIdentity) {
        return false;
    }

    /**
     * Keeps a checkpoint. If it cannot be kept, that is told in the log of this process, and earlier ones remain.
     *
     * @param checkpoint of this moment
     */
    void write(Checkpoint checkpoint);
}

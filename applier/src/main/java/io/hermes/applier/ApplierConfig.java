package io.hermes.applier;

import io.hermes.proto.Incarnation;
import io.hermes.proto.Settings;
import java.time.Duration;

/**
 * What one applier is told.
 *
 * @param replica its replica's name, unique within the service
 * @param incarnation this run
 * @param batchBytesMax soft bound of the bytes read from the log at once
 * @param readWait the longest wait for the next record before looking after the app again
 * @param checkpointInterval the least time between two checkpoints of a replica that keeps them
 * @param settings proposed to the log if their revision is higher than what stands there
 * @param initialState digest of what the app begins with; empty for nothing
 * @param divergence about the comparison of replicas
 */
public record ApplierConfig(
        String replica,
        Incarnation incarnation,
        int batchBytesMax,
        Duration readWait,
        Duration checkpointInterval,
        Settings settings,
        String initialState,
        DivergenceConfig divergence) {

    /**
     * The usual bounds.
     *
     * @param replica its replica's name
     * @param incarnation this run
     * @return batches of 1 MiB, a look at the app each 100 ms, a checkpoint each 30 s, no settings of its own, apps that begin
     *     with nothing
     */
    public static ApplierConfig of(String replica, Incarnation incarnation) {
        return new ApplierConfig(
                replica,
                incarnation,
                1 << 20,
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                Settings.BEFORE_ANY_RECORD,
                "",
                DivergenceConfig.NONE);
    }

    /**
     * The same with other bounds of a batch, for a loop that is stepped by hand.
     *
     * @param bytes soft bound of the bytes read at once
     * @param wait for the next record
     * @param checkpoints the least time between two
     * @return a copy
     */
    public ApplierConfig withPace(int bytes, Duration wait, Duration checkpoints) {
        return new ApplierConfig(replica, incarnation, bytes, wait, checkpoints, settings, initialState, divergence);
    }

    /**
     * The same, proposing settings.
     *
     * @param proposed proposed to the log if their revision is higher
     * @return a copy
     */
    public ApplierConfig withSettings(Settings proposed) {
        return new ApplierConfig(
                replica, incarnation, batchBytesMax, readWait, checkpointInterval, proposed, initialState, divergence);
    }

    /**
     * The same, for apps that begin with something.
     *
     * @param digest of what they begin with
     * @return a copy
     */
    public ApplierConfig withInitialState(String digest) {
        return new ApplierConfig(
                replica, incarnation, batchBytesMax, readWait, checkpointInterval, settings, digest, divergence);
    }

    /**
     * The same, with something about the comparison of replicas.
     *
     * @param compared about it
     * @return a copy
     */
    public ApplierConfig withDivergence(DivergenceConfig compared) {
        return new ApplierConfig(
                replica, incarnation, batchBytesMax, readWait, checkpointInterval, settings, initialState, compared);
    }
}

package io.hermes.applier;

import io.hermes.proto.Incarnation;
import java.time.Duration;

/**
 * What one applier is told.
 *
 * @param replica its replica's name, unique within the service
 * @param incarnation this run
 * @param batchBytesMax soft bound of the bytes read from the log at once
 * @param readWait the longest wait for the next record before looking after the app again
 * @param answerBytesMax the most bytes of answers kept for repeats, all together; the oldest go first
 * @param requestsMax the most requests remembered; the oldest go first
 * @param forgetIngressAfter an ingress of which the log held nothing for so long, by log time, is forgotten
 */
public record ApplierConfig(
        String replica,
        Incarnation incarnation,
        int batchBytesMax,
        Duration readWait,
        long answerBytesMax,
        int requestsMax,
        Duration forgetIngressAfter) {

    /**
     * The usual bounds.
     *
     * @param replica its replica's name
     * @param incarnation this run
     * @return batches of 1 MiB, a look at the app each 100 ms, 64 MiB of answers for a million requests, ingresses
     *     forgotten after ten minutes
     */
    public static ApplierConfig of(String replica, Incarnation incarnation) {
        return new ApplierConfig(
                replica, incarnation, 1 << 20, Duration.ofMillis(100), 64L << 20, 1_000_000, Duration.ofMinutes(10));
    }
}

package io.hermes.proto;

import java.time.Duration;
import java.util.List;

/**
 * Reads that one ingress asks one replica to execute, past the log.
 *
 * @param incarnation the run of the ingress
 * @param replyAddress where the replies go; meaningful to the reply bus only
 * @param minPosition the replica applies everything up to it first
 * @param patience how long it may wait for that
 * @param reads in any order
 */
public record ReadBatch(
        Incarnation incarnation, String replyAddress, long minPosition, Duration patience, List<Read> reads) {

    /**
     * Copies the list.
     *
     * @param incarnation kept
     * @param replyAddress kept
     * @param minPosition kept
     * @param patience kept
     * @param reads copied
     */
    public ReadBatch {
        reads = List.copyOf(reads);
    }

    /**
     * One read.
     *
     * @param number within the run of the ingress
     * @param request what is to be executed
     */
    public record Read(long number, Request request) {}
}

package io.hermes.proto;

/**
 * What one replica says about one request.
 *
 * @param id the exchange that waits
 * @param position where the request was first delivered, which is where it counts
 * @param outcome what became of it
 * @param replayed whether the answer was given to an earlier exchange, whose request this one repeats
 */
public record Reply(CorrelationId id, long position, ReplyOutcome outcome, boolean replayed) {

    /**
     * A reply to the exchange that sent the request first.
     *
     * @param id the exchange that waits
     * @param position where the request stands
     * @param outcome what became of it
     */
    public Reply(CorrelationId id, long position, ReplyOutcome outcome) {
        this(id, position, outcome, false);
    }
}

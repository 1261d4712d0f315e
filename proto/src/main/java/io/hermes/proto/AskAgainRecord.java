package io.hermes.proto;

import java.util.function.Function;

/**
 * Asks another replica for the answer to a request that is known to be in the log. Changes no state.
 *
 * @param id of the request
 * @param position where the request stands
 * @param route where the reply goes and who sends it
 */
public record AskAgainRecord(RequestId id, long position, ReplyRoute route) implements LogContent {

    /**
     * Checks the position.
     *
     * @param id not checked again
     * @param position checked
     * @param route not checked again
     * @throws IllegalArgumentException if the position is not that of a record
     */
    public AskAgainRecord {
        if (position < 1) {
            throw new IllegalArgumentException("no record stands at position " + position);
        }
    }

    @Override
    public <T> T match(
            Function<RequestRecord, T> request,
            Function<AskAgainRecord, T> askAgain,
            Function<BarrierRecord, T> barrier) {
        return askAgain.apply(this);
    }
}

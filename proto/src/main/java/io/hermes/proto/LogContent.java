package io.hermes.proto;

import java.util.function.Function;

/** What one record of the log means. */
public sealed interface LogContent permits RequestRecord, AskAgainRecord, BarrierRecord {

    /**
     * Chooses by case, so that no case can be forgotten.
     *
     * @param <T> the result's type
     * @param request for {@link RequestRecord}
     * @param askAgain for {@link AskAgainRecord}
     * @param barrier for {@link BarrierRecord}
     * @return what the chosen function returned
     */
    <T> T match(
            Function<RequestRecord, T> request,
            Function<AskAgainRecord, T> askAgain,
            Function<BarrierRecord, T> barrier);
}

package io.hermes.applier;

import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the app.
 *
 * @param position where it stands in the log
 * @param record what was ordered
 * @param timeMillis log time: never less than that of an earlier request
 * @param readOnly whether its route says that it changes nothing
 * @param conflict calls with different values may be executed side by side; null if this one must be alone
 */
public record AppCall(
        long position, RequestRecord record, long timeMillis, boolean readOnly, @Nullable String conflict) {

    private static final CorrelationId NOBODY = new CorrelationId(new Incarnation("-"), 1);

    /**
     * A question of the applier's own, which stands in no log.
     *
     * @param target path of the app
     * @return a GET at position 0
     */
    static AppCall own(String target) {
        return of(new Request("GET", target, List.of(), new byte[0]));
    }

    /**
     * A read that stands in no log.
     *
     * @param request what the app is asked
     * @return a call at position 0, which tells the app nothing of ours
     */
    static AppCall of(Request request) {
        RequestRecord record =
                new RequestRecord(Identity.unnamed(NOBODY, ""), request, 0, 0, "", ReplyRoute.NOBODY, 0, 1);
        return new AppCall(0, record, 0, true, null);
    }

    /** Whether the request may change the app's state, by its route or its method (RFC 9110 section 9.2.1). */
    boolean isUnsafe() {
        return !readOnly && isUnsafe(record);
    }

    static boolean isUnsafe(RequestRecord record) {
        return switch (record.request().method()) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> false;
            default -> true;
        };
    }
}

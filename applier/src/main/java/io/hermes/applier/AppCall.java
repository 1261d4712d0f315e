package io.hermes.applier;

import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestRecord;
import java.util.List;

/**
 * One request on its way to the app.
 *
 * @param position where it stands in the log
 * @param record what was ordered
 * @param timeMillis log time: never less than that of an earlier request
 */
public record AppCall(long position, RequestRecord record, long timeMillis) {

    private static final CorrelationId NOBODY = new CorrelationId(new Incarnation("-"), 1);

    /**
     * A question of the applier's own, which stands in no log.
     *
     * @param target path of the app
     * @return a GET at position 0
     */
    static AppCall own(String target) {
        Request request = new Request("GET", target, List.of(), new byte[0]);
        RequestRecord record =
                new RequestRecord(Identity.unnamed(NOBODY, ""), request, 0, 0, "", ReplyRoute.NOBODY, 0, 1);
        return new AppCall(0, record, 0);
    }

    /** Whether the request may change the app's state, by its method (RFC 9110 section 9.2.1). */
    boolean isUnsafe() {
        return isUnsafe(record);
    }

    static boolean isUnsafe(RequestRecord record) {
        return switch (record.request().method()) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> false;
            default -> true;
        };
    }
}

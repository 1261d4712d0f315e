package io.hermes.check;

import io.hermes.applier.AppCall;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.HopByHop;
import io.hermes.proto.Identity;
import io.hermes.proto.Incarnation;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import java.util.List;

/** Makes the calls that an applier would make of the records of a log. */
final class Calls {

    /** Every copy of an app sees the name by which clients call the service, never its own port. */
    static final Header HOST = new Header("Host", "service.example");

    private static final Incarnation INGRESS = new Incarnation("check-0000000000000001");

    private Calls() {}

    /** A name as an ingress makes it. */
    static RequestId id(long number) {
        return new RequestId.Made(new CorrelationId(INGRESS, number));
    }

    static AppCall of(long number, long position, RequestId id, Request request, long timeMillis, long seed) {
        CorrelationId exchange = new CorrelationId(INGRESS, number);
        RequestRecord record = new RequestRecord(
                new Identity(exchange, id, ""), request, timeMillis, seed, "", ReplyRoute.NOBODY, 0, 1);
        return new AppCall(position, record, timeMillis, false, null);
    }

    static String line(AppCall call) {
        Request request = call.record().request();
        return request.method() + " " + request.target();
    }

    /** Without what never enters a record. */
    static List<Header> recorded(List<Header> headers) {
        return HopByHop.strip(headers, name -> name.startsWith("hermes-") || name.equals("content-length"));
    }

    static boolean names(List<Header> headers, String name) {
        return headers.stream().anyMatch(header -> header.isNamed(name));
    }
}

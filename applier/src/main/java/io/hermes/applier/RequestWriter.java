package io.hermes.applier;

import io.hermes.proto.Header;
import io.hermes.proto.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes requests as HTTP/1.1 messages (RFC 9112 sections 2 and 3). Pure but for the stream it writes to. */
public final class RequestWriter {

    private final String authority;

    /**
     * Makes a writer.
     *
     * @param authority what a request without a Host field is given as one
     */
    public RequestWriter(String authority) {
        this.authority = authority;
    }

    /**
     * Writes one request.
     *
     * @param call what the app is to execute
     * @param out written to
     */
    public void write(AppCall call, ByteArrayOutputStream out) {
        Request request = call.record().request();
        StringBuilder head = new StringBuilder(512);
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        boolean hasHost = false;
        for (Header header : request.headers()) {
            hasHost |= header.isNamed("Host");
            append(head, header.name(), header.value());
        }
        if (!hasHost) {
            append(head, "Host", authority);
        }
        if (call.position() > 0) {
            append(head, "Hermes-Position", Long.toString(call.position()));
            append(head, "Hermes-Request-Id", call.record().identity().id().text());
            append(head, "Hermes-Time", Long.toString(call.timeMillis()));
            append(head, "Hermes-Seed", Long.toUnsignedString(call.record().seed()));
        }
        if (request.body().length > 0 || expectsBody(request.method())) {
            append(head, "Content-Length", Integer.toString(request.body().length));
        }
        head.append("\r\n");
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(request.body());
    }

    /** Methods that anticipate content: RFC 9110 section 8.6 wants a Content-Length of 0 rather than none. */
    private static boolean expectsBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private static void append(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}

package io.hermes.applier;

import io.hermes.proto.Header;
import io.hermes.proto.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes requests as HTTP/1.1 messages (RFC 9112 sections 2 and 3). Owned by the thread that writes. */
public final class RequestWriter {

    private static final int HEAD_CHARACTERS = 512;

    private final String authority;
    private final StringBuilder head = new StringBuilder(HEAD_CHARACTERS);

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
        head.setLength(0);
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        boolean hasHost = false;
        for (Header header : request.headers()) {
            hasHost |= header.isNamed("Host");
            append(header.name(), header.value());
        }
        if (!hasHost) {
            append("Host", authority);
        }
        if (call.position() > 0) {
            head.append("Hermes-Position: ").append(call.position());
            head.append("\r\nHermes-Request-Id: ")
                    .append(call.record().identity().id().text());
            head.append("\r\nHermes-Time: ").append(call.timeMillis());
            head.append("\r\nHermes-Seed: ")
                    .append(Long.toUnsignedString(call.record().seed()))
                    .append("\r\n");
        }
        if (request.body().length > 0 || expectsBody(request.method())) {
            head.append("Content-Length: ").append(request.body().length).append("\r\n");
        }
        head.append("\r\n");
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(request.body());
    }

    /** Methods that anticipate content: RFC 9110 section 8.6 wants a Content-Length of 0 rather than none. */
    private static boolean expectsBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private void append(String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}

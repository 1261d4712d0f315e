package io.hermes.ingress;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty itself refuses (malformed requests, headers over the bound) in the form of all our own errors. */
final class ProblemErrorHandler extends ErrorHandler {

    private final int headerBytesMax;

    ProblemErrorHandler(int headerBytesMax) {
        this.headerBytesMax = headerBytesMax;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.write(true, ByteBuffer.wrap(problem(code, message).json()), callback);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    private Problem problem(int status, @Nullable String message) {
        String detail = message == null ? "" : message;
        return switch (status) {
            case 431, 414 -> new Problem(
                    status,
                    "header-too-long",
                    "The header is too long",
                    "Request line and header have at most " + headerBytesMax
                            + " bytes (ingress.header-bytes-max) and "
                            + CountingConnectionFactory.FIELDS_MAX + " fields. Nothing was ordered.",
                    null,
                    0,
                    false);
            case 400 -> Problem.malformed(detail);
            default -> new Problem(status, "refused", "The request was refused", detail, null, 0, false);
        };
    }
}

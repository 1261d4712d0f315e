package io.hermes.demo;

import java.io.IOException;

/**
 * Makes a service position-aware: each request's position is known before it is executed, so that the service can keep it
 * together with what the request changes, and the highest is told at a URL.
 */
final class AwareService implements Service {

    static final String PATH = "/.well-known/hermes/position";
    private static final String TEXT = "Content-Type: text/plain\r\n";

    private final Service service;
    private final AppliedPosition applied;

    AwareService(Service service, AppliedPosition applied) {
        this.service = service;
        this.applied = applied;
    }

    @Override
    public HttpAnswer execute(HttpRequest request) throws IOException {
        if (request.path().equals(PATH)) {
            return request.is("GET")
                    ? HttpAnswer.of(200, TEXT, Long.toUnsignedString(applied.highest()) + "\n")
                    : HttpAnswer.of(405, "Allow: GET, HEAD\r\n", "");
        }
        String position = request.position();
        if (position != null) {
            try {
                applied.raise(Long.parseUnsignedLong(position));
            } catch (NumberFormatException e) {
                return HttpAnswer.of(400, TEXT, "Hermes-Position is an unsigned decimal number of 64 bits\n");
            }
        }
        return service.execute(request);
    }

    @Override
    public void settle() throws IOException {
        service.settle();
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

package io.hermes.launcher;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The admin port of a role: {@code /livez}, {@code /readyz}, {@code /metrics}, and a status page for people. */
final class AdminServer implements AutoCloseable {

    /** What a role tells about itself. Any thread. */
    interface Subject {

        /** Empty if the role is ready; else why not, in one line. */
        String whyNotReady();

        /** An HTML page about the role. */
        String statusPage();
    }

    private final String host;
    private final int port;
    private final Server server;

    AdminServer(Configuration configuration, Subject subject, PrometheusMeterRegistry meters) {
        this.host = configuration.get(Keys.ADMIN_HOST);
        this.port = configuration.get(Keys.ADMIN_PORT);
        QueuedThreadPool threads = new QueuedThreadPool(6, 2);
        threads.setName("admin-http");
        // An address, not a connector of its own: its defaults do.
        this.server = new Server(threads);
        org.eclipse.jetty.server.ServerConnector connector = new org.eclipse.jetty.server.ServerConnector(server, 1, 1);
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new Pages(subject, meters::scrape));
    }

    void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException(
                    "cannot listen on " + new InetSocketAddress(host, port)
                            + " for the admin pages: stop what uses the port, or choose another (admin.port)",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the admin port does not close: " + e.getMessage(), e);
        }
    }

    private static final class Pages extends Handler.Abstract {

        private final Subject subject;
        private final Supplier<String> metrics;

        Pages(Subject subject, Supplier<String> metrics) {
            this.subject = subject;
            this.metrics = metrics;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            switch (path) {
                case "/livez" -> answer(response, callback, 200, "text/plain", "ok\n");
                case "/readyz" -> {
                    String why = subject.whyNotReady();
                    answer(
                            response,
                            callback,
                            why.isEmpty() ? 200 : 503,
                            "text/plain",
                            why.isEmpty() ? "ok\n" : why + "\n");
                }
                case "/metrics" -> answer(response, callback, 200, "text/plain; version=0.0.4", metrics.get());
                case "/" -> answer(response, callback, 200, "text/html", subject.statusPage());
                default -> answer(
                        response,
                        callback,
                        404,
                        "text/plain",
                        "here are /livez, /readyz, /metrics and the page at /\n");
            }
            return true;
        }

        private static void answer(Response response, Callback callback, int status, String type, String text) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type + (type.contains(";") ? "" : "; charset=utf-8"));
            Content.Sink.write(response, true, text, callback);
        }
    }
}

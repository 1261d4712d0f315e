package io.hermes.ingress;

import java.io.IOException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Jetty, set up to change nothing: paths are taken as they are (the app decides what {@code //}, {@code ..} and {@code %2F}
 * mean), header names keep their case, and no field is added of its own accord.
 */
final class IngressServer implements AutoCloseable {

    private static final int ACCEPT_BACKLOG = 1024;
    private static final int RESPONSE_HEADER_BYTES = 64 * 1024;
    /** Beyond the longest wait for a reply: a client that waits is not idle. */
    private static final long CONNECTION_IDLE_MILLIS = 30_000;

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS_BY_CORES = -1;

    private final IngressConfig config;
    private final Server server;
    private final ServerConnector connector;

    IngressServer(IngressConfig config, IngressThreads threads, Handler handler) {
        this.config = config;
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(config.headerBytesMax());
        http.setResponseHeaderSize(RESPONSE_HEADER_BYTES);
        http.setMaxResponseHeaderSize(RESPONSE_HEADER_BYTES);
        http.setHeaderCacheCaseSensitive(true);
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(
                HttpCompliance.RFC9110.with("HERMES", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        this.connector =
                new ServerConnector(server, ACCEPTORS, SELECTORS_BY_CORES, new CountingConnectionFactory(http));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(ACCEPT_BACKLOG);
        connector.setIdleTimeout(config.requestTimeout().toMillis() + CONNECTION_IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(config.connectionsMax(), connector));
        // By default handlers may be exchanged at any time for ones that block, so each request is handed to another
        // thread. Ours
        // block nowhere, and answer on another thread what they answer at once: no connection keeps a selector busy.
        server.setDynamic(false);
        server.setHandler(handler);
        server.setErrorHandler(new ProblemErrorHandler(config.headerBytesMax()));
    }

    void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + config.host() + ":" + config.port() + " (" + rootMessage(e)
                            + "): stop what uses the port, or choose another (ingress.port)",
                    e);
        } catch (Exception e) {
            throw new IOException("Jetty does not start: " + e.getMessage(), e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop: " + e.getMessage(), e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}

package io.hermes.ingress;

import io.hermes.proto.Header;
import io.hermes.proto.HopByHop;
import io.hermes.proto.Request;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests from Jetty: gathers the body without blocking, leaves out what ends at this hop, and hands on. A request
 * whose body does not arrive completely is never handed on.
 */
final class RequestHandler extends Handler.Abstract.NonBlocking {

    private final Correlator correlator;
    private final int bodyBytesMax;
    private final Duration retryAfter;

    RequestHandler(Correlator correlator, IngressConfig config) {
        this.correlator = correlator;
        this.bodyBytesMax = config.bodyBytesMax();
        this.retryAfter = config.retryAfter();
    }

    @Override
    public boolean handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
        JettyClient client = new JettyClient(request, response, callback, retryAfter);
        if (request.getMethod().equals("CONNECT")) {
            client.problem(Problem.unsupported(501, "CONNECT opens a tunnel, and what goes through it has no order."));
        } else if (request.getLength() > bodyBytesMax) {
            client.problem(Problem.bodyTooLong(bodyBytesMax));
        } else {
            new Gathering(request, client).run();
        }
        return true;
    }

    private void onComplete(org.eclipse.jetty.server.Request from, byte[] body, Client client) {
        Request request;
        try {
            request = new Request(from.getMethod(), target(from), headers(from), body);
        } catch (IllegalArgumentException e) {
            client.problem(Problem.malformed(String.valueOf(e.getMessage())));
            return;
        }
        String traceParent = from.getHeaders().get("traceparent");
        correlator.accept(request, traceParent == null ? "" : traceParent, client);
    }

    /** Path and query as they came over the wire: nothing decoded, no dot removed, no slash merged. */
    private static String target(org.eclipse.jetty.server.Request request) {
        String target = request.getHttpURI().getPathQuery();
        return target == null || target.isEmpty() ? "/" : target;
    }

    private static List<Header> headers(org.eclipse.jetty.server.Request request) {
        HttpFields fields = request.getHeaders();
        List<Header> headers = new ArrayList<>(fields.size());
        for (HttpField field : fields) {
            headers.add(new Header(field.getName(), field.getValue() == null ? "" : field.getValue()));
        }
        List<Header> kept = HopByHop.strip(headers, RequestHandler::endsHere);
        kept.add(new Header("Via", "1.1 hermes"));
        kept.add(new Header("Forwarded", forwarded(request)));
        return kept;
    }

    /** Besides the hop-by-hop fields: framing is the applier's, expectations were met here, and Hermes- is our name. */
    private static boolean endsHere(String name) {
        return name.equals("content-length") || name.equals("expect") || name.startsWith("hermes-");
    }

    private static String forwarded(org.eclipse.jetty.server.Request request) {
        String remote = org.eclipse.jetty.server.Request.getRemoteAddr(request);
        String node =
                remote.indexOf(':') < 0 ? remote : remote.startsWith("[") ? '"' + remote + '"' : "\"[" + remote + "]\"";
        return "for=" + node + ";proto=" + (request.isSecure() ? "https" : "http");
    }

    /** Reads one body to its end; run again by Jetty each time there is more. */
    private final class Gathering implements Runnable {

        private final org.eclipse.jetty.server.Request request;
        private final JettyClient client;
        private @Nullable ByteArrayOutputStream gathered;

        Gathering(org.eclipse.jetty.server.Request request, JettyClient client) {
            this.request = request;
            this.client = client;
        }

        @Override
        public void run() {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    client.fail(chunk.getFailure());
                    return;
                }
                byte[] bytes = new byte[chunk.remaining()];
                chunk.getByteBuffer().get(bytes);
                boolean last = chunk.isLast();
                chunk.release();
                if (last && gathered == null) {
                    onComplete(request, bytes, client);
                    return;
                }
                if (!add(bytes)) {
                    client.problem(Problem.bodyTooLong(bodyBytesMax));
                    return;
                }
                if (last) {
                    onComplete(request, take(), client);
                    return;
                }
            }
        }

        private boolean add(byte[] bytes) {
            ByteArrayOutputStream before = gathered;
            ByteArrayOutputStream now =
                    before == null ? new ByteArrayOutputStream(Math.max(bytes.length, 256)) : before;
            gathered = now;
            if (now.size() + bytes.length > bodyBytesMax) {
                return false;
            }
            now.writeBytes(bytes);
            return true;
        }

        private byte[] take() {
            ByteArrayOutputStream all = gathered;
            return all == null ? new byte[0] : all.toByteArray();
        }
    }
}

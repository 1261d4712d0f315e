package io.hermes.ingress;

import io.hermes.proto.Header;
import io.hermes.proto.HopByHop;
import io.hermes.proto.Request;
import io.hermes.proto.RequestId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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

    private static final String OURS = "/.well-known/hermes/";
    private static final String OURS_REQUESTS = OURS + "requests/";

    /** Below it, answers that are on their way would cut one another off. */
    private static final long UNTAKEN_BYTES_MIN = 2 << 20;

    private final IngressCore core;
    private final int bodyBytesMax;
    private final Duration retryAfter;
    private final ByteBudget uploads;
    private final UntakenAnswers answers;
    private final Principals principals;

    RequestHandler(IngressCore core, IngressConfig config) {
        this.core = core;
        this.bodyBytesMax = config.bodyBytesMax();
        this.retryAfter = config.retryAfter();
        this.uploads = new ByteBudget(config.pendingBytesMax());
        this.answers = new UntakenAnswers(Math.max(UNTAKEN_BYTES_MIN, config.pendingBytesMax()));
        this.principals = new Principals(config.principalHeader());
    }

    /** Whether some client has not taken all of its answer yet. */
    boolean isAnswering() {
        return !answers.isEmpty();
    }

    @Override
    public boolean handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
        JettyClient client = new JettyClient(request, response, callback, retryAfter, answers);
        client.toHandling();
        try {
            handle(request, response, client);
        } finally {
            client.toHandled();
        }
        return true;
    }

    private void handle(org.eclipse.jetty.server.Request request, Response response, JettyClient client) {
        if (request.getMethod().equals("CONNECT")) {
            // Jetty keeps a tunnel open, also one that it does not get.
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
            client.problem(Problem.unsupported(501, "CONNECT opens a tunnel, and what goes through it has no order."));
        } else if (isOurs(request)) {
            answerOurselves(request, client);
        } else if (request.getLength() > bodyBytesMax) {
            client.refuseBeforeUpload(Problem.bodyTooLong(bodyBytesMax));
        } else {
            new Gathering(request, client).run();
        }
    }

    private void onComplete(org.eclipse.jetty.server.Request from, byte[] body, Client client) {
        Request request;
        try {
            request = new Request(from.getMethod(), target(from), headers(from), body);
        } catch (IllegalArgumentException e) {
            client.problem(Problem.malformed(String.valueOf(e.getMessage())));
            return;
        }
        String principal = principals.of(from.getHeaders());
        RequestId named;
        ReadWish wish;
        try {
            named = IdempotencyKey.of(from.getHeaders(), principal);
            wish = ReadWish.of(
                    from.getHeaders().get(ReadWish.LEVEL_FIELD),
                    from.getHeaders().get(ReadWish.MIN_POSITION_FIELD));
        } catch (IllegalArgumentException e) {
            client.problem(Problem.malformed(String.valueOf(e.getMessage())));
            return;
        }
        String traceParent = from.getHeaders().get("traceparent");
        core.accept(new Submission(request, named, principal, traceParent == null ? "" : traceParent, wish), client);
    }

    private static boolean isOurs(org.eclipse.jetty.server.Request request) {
        String path = request.getHttpURI().getPath();
        return path != null && path.startsWith(OURS);
    }

    /** What became of a request, and its cancellation. */
    private void answerOurselves(org.eclipse.jetty.server.Request request, JettyClient client) {
        String path = String.valueOf(request.getHttpURI().getPath());
        if (!path.startsWith(OURS_REQUESTS) || path.length() == OURS_REQUESTS.length()) {
            client.problem(Problem.nothingHere());
            return;
        }
        boolean cancel = request.getMethod().equals("DELETE");
        if (!cancel
                && !request.getMethod().equals("GET")
                && !request.getMethod().equals("HEAD")) {
            client.problem(Problem.methodNotAllowed("GET, HEAD and DELETE"));
            return;
        }
        String principal = principals.of(request.getHeaders());
        RequestId id;
        try {
            id = RequestId.parse(percentDecoded(path.substring(OURS_REQUESTS.length())), principal);
        } catch (IllegalArgumentException e) {
            client.problem(Problem.malformed(String.valueOf(e.getMessage())));
            return;
        }
        core.inquire(id, principal, cancel, new InquiryClient(client));
    }

    /** RFC 3986 section 2.1; a plus sign is a plus sign. */
    private static String percentDecoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    }

    /** Path and query as they came over the wire, one byte a character: nothing decoded, no dot removed, no slash merged. */
    private static String target(org.eclipse.jetty.server.Request request) {
        String target = request.getHttpURI().getPathQuery();
        if (target == null || target.isEmpty()) {
            return "/";
        }
        // Jetty takes the bytes for UTF-8, and puts this character where they are none.
        if (target.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException("target with bytes that are not UTF-8: percent-encode them");
        }
        return new String(target.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
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
        private final BodyBlocks gathered = new BodyBlocks(uploads);

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
                    gathered.release();
                    client.fail(chunk.getFailure());
                    return;
                }
                boolean last = chunk.isLast();
                if (last && gathered.length() == 0 && chunk.remaining() <= bodyBytesMax) {
                    // It is the whole body, and waits nowhere.
                    byte[] body = new byte[chunk.remaining()];
                    chunk.getByteBuffer().get(body);
                    chunk.release();
                    onComplete(request, body, client);
                    return;
                }
                Problem problem = add(chunk);
                chunk.release();
                if (problem != null) {
                    gathered.release();
                    if (last) {
                        client.problem(problem);
                    } else {
                        client.refuseUpload(problem);
                    }
                    return;
                }
                if (last) {
                    byte[] body = gathered.toBytes();
                    gathered.release();
                    onComplete(request, body, client);
                    return;
                }
            }
        }

        private @Nullable Problem add(Content.Chunk chunk) {
            if (gathered.length() + chunk.remaining() > bodyBytesMax) {
                return Problem.bodyTooLong(bodyBytesMax);
            }
            return gathered.tryAdd(chunk.getByteBuffer())
                    ? null
                    : Problem.notOrdered("too many bytes are being uploaded at once (ingress.pending-bytes-max)");
        }
    }
}

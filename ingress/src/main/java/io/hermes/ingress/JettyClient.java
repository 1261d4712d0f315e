package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.RequestId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A client on a Jetty connection. */
final class JettyClient implements Client {

    private static final HttpField PROBLEM_JSON = new HttpField(HttpHeader.CONTENT_TYPE, "application/problem+json");

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Duration retryAfter;
    // Replies and time-outs come on different threads, and only the first may answer.
    private final AtomicBoolean answered = new AtomicBoolean();

    JettyClient(Request request, Response response, Callback callback, Duration retryAfter) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.retryAfter = retryAfter;
    }

    @Override
    public void reply(RequestId id, Reply reply, String replica) {
        Answer answer = reply.outcome().match(given -> given, told -> null);
        if (answer == null) {
            problem(reply.outcome().match(given -> Problem.malformed(""), told -> Problem.told(id, reply, told)));
            return;
        }
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        HttpFields.Mutable fields = begin(answer, reply.position(), replica);
        fields.add("Hermes-Request-Id", id.text());
        if (reply.replayed()) {
            fields.add("Idempotency-Replayed", "true");
        }
        write(answer);
    }

    @Override
    public void read(Answer answer, long position, String replica, ReadLevel level) {
        if (answered.compareAndSet(false, true)) {
            begin(answer, position, replica).add(ReadWish.LEVEL_FIELD, level.text());
            write(answer);
        }
    }

    private HttpFields.Mutable begin(Answer answer, long position, String replica) {
        response.setStatus(answer.status());
        HttpFields.Mutable fields = response.getHeaders();
        for (Header header : answer.headers()) {
            fields.add(new HttpField(header.name(), header.value()));
        }
        fields.add("Hermes-Position", Long.toString(position));
        fields.add("Hermes-Replica", replica);
        return fields;
    }

    /** Tells something of our own that is no problem. */
    void json(byte[] json) {
        if (answered.compareAndSet(false, true)) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            boolean head = request.getMethod().equals("HEAD");
            response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(json), callback);
        }
    }

    /**
     * Jetty gives a last write that is the only one a Content-Length. Where there is no body by definition, none but the app's
     * own may go: it would tell the length that a GET has (RFC 9110 section 8.6).
     */
    private void write(Answer answer) {
        boolean bodiless = answer.status() == 304 || request.getMethod().equals("HEAD");
        if (bodiless && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
            response.write(
                    false,
                    NOTHING.slice(),
                    Callback.from(() -> response.write(true, NOTHING.slice(), callback), callback::failed));
        } else {
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
        }
    }

    @Override
    public void problem(Problem problem) {
        problem(problem, callback);
    }

    /** Refuses a request whose body is not read yet, and closes the connection once it is, or was long enough. */
    void refuseUpload(Problem problem) {
        HttpFields.Mutable fields = response.getHeaders();
        fields.put(HttpFields.CONNECTION_CLOSE);
        // Who asks before it uploads does not upload what is refused (RFC 9110 section 10.1.1).
        boolean asksFirst = request.getHeaders().contains(HttpHeader.EXPECT);
        problem(
                problem,
                asksFirst
                        ? callback
                        : Callback.from(() -> new RefusedUpload(request, callback).run(), callback::failed));
    }

    private void problem(Problem problem, Callback written) {
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        response.setStatus(problem.status());
        HttpFields.Mutable fields = response.getHeaders();
        fields.put(PROBLEM_JSON);
        RequestId id = problem.id();
        if (id != null) {
            fields.add("Hermes-Request-Id", id.text());
        }
        if (problem.position() > 0) {
            fields.add("Hermes-Position", Long.toString(problem.position()));
        }
        if (problem.status() == 405) {
            fields.put(HttpHeader.ALLOW, "GET, HEAD, DELETE");
        }
        if (problem.safeToRetry()) {
            fields.add(HttpHeader.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(problem.json()), written);
    }

    /** The client went away, or broke the protocol, before its request was complete. */
    void fail(Throwable cause) {
        if (answered.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }
}

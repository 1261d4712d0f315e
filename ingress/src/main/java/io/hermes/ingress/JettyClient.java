package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.Reply;
import io.hermes.proto.RequestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client on a Jetty connection. */
final class JettyClient implements Client {

    private static final HttpField PROBLEM_JSON = new HttpField(HttpHeader.CONTENT_TYPE, "application/problem+json");

    private static final Logger LOG = LoggerFactory.getLogger(JettyClient.class);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Duration retryAfter;
    private final UntakenAnswers answers;
    // Replies and time-outs come on different threads, and only the first may answer.
    private final AtomicBoolean answered = new AtomicBoolean();
    // Written by the thread that handles the request, read by whoever answers.
    private volatile @Nullable Thread handling;

    JettyClient(Request request, Response response, Callback callback, Duration retryAfter, UntakenAnswers answers) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.retryAfter = retryAfter;
        this.answers = answers;
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

    /** From now on, until {@link #toHandled}, this thread is Jetty's, and handles the request. */
    void toHandling() {
        handling = Thread.currentThread();
    }

    void toHandled() {
        handling = null;
    }

    /**
     * Whoever is answered while its request is handled goes on at once with the next one it has sent: with many of them it would keep that
     * thread for itself. Answered by another, its connection queues.
     */
    private void outsideOfHandling(Runnable answer) {
        if (Thread.currentThread() == handling) {
            try {
                request.getComponents().getExecutor().execute(answer);
                return;
            } catch (RejectedExecutionException e) {
                LOG.debug("closing: answered where it was handled", e);
            }
        }
        answer.run();
    }

    /** Tells something of our own that is no problem. */
    void json(byte[] json) {
        if (answered.compareAndSet(false, true)) {
            outsideOfHandling(() -> writeJson(json));
        }
    }

    private void writeJson(byte[] json) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        writeUnlessHead(json, callback);
    }

    private void writeUnlessHead(byte[] body, Callback written) {
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? NOTHING.slice() : ByteBuffer.wrap(body), written);
    }

    /**
     * Jetty gives a last write that is the only one a Content-Length. Where there is no body by definition, none but the app's
     * own may go: it would tell the length that a GET has (RFC 9110 section 8.6).
     */
    private void write(Answer answer) {
        UntakenAnswers.Writing writing = answers.begin(answer.body().length, this::cutOff);
        Callback written = Callback.from(() -> answers.end(writing), callback);
        boolean bodiless = answer.status() == 304 || request.getMethod().equals("HEAD");
        if (bodiless && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
            response.write(
                    false,
                    NOTHING.slice(),
                    Callback.from(() -> response.write(true, NOTHING.slice(), written), written::failed));
        } else {
            response.write(true, ByteBuffer.wrap(answer.body()), written);
        }
    }

    private void cutOff() {
        request.getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close(new IOException(
                        "the answer was not taken, and others need the memory (ingress.pending-bytes-max)"));
    }

    @Override
    public void problem(Problem problem) {
        problem(problem, callback);
    }

    /** Refuses a request whose body was not asked for yet, and closes the connection. */
    void refuseBeforeUpload(Problem problem) {
        // Who asks before it uploads does not upload what is refused (RFC 9110 section 10.1.1).
        if (request.getHeaders().contains(HttpHeader.EXPECT)
                && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
            problem(problem);
        } else {
            refuseUpload(problem);
        }
    }

    /** Refuses a request whose body is not read to its end, and closes the connection once it is, or was long enough. */
    void refuseUpload(Problem problem) {
        response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
        problem(problem, Callback.from(() -> new RefusedUpload(request, callback).run(), callback::failed));
    }

    private void problem(Problem problem, Callback written) {
        if (answered.compareAndSet(false, true)) {
            outsideOfHandling(() -> write(problem, written));
        }
    }

    private void write(Problem problem, Callback written) {
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
        writeUnlessHead(problem.json(), written);
    }

    /** The client went away, or broke the protocol, before its request was complete. */
    void fail(Throwable cause) {
        if (answered.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }
}

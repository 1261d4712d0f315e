package io.hermes.applier;

import io.hermes.proto.Answer;
import io.hermes.proto.Header;
import io.hermes.proto.HopByHop;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers that come over one connection, one after the other (RFC 9112 sections 4 to 6). Interim answers (1xx) are
 * passed over. Owned by the loop's thread.
 */
public final class AnswerReader {

    private static final HttpCompliance LENIENT = HttpCompliance.RFC7230.with(
            "APP", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME, HttpCompliance.Violation.HTTP_0_9);

    /** What became of the bytes so far. */
    public enum Progress {
        /** The answer is not complete. */
        INCOMPLETE,
        /** {@link #take} has an answer. */
        COMPLETE,
        /** These bytes are no answer. */
        MALFORMED
    }

    private final int bodyBytesMax;
    private final HttpParser parser;

    // All below is owned by the loop's thread.
    private final List<Header> headers = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private boolean head;
    private boolean overBound;
    private boolean persistent;
    private boolean closing;
    private Progress progress = Progress.INCOMPLETE;
    private String problem = "";

    /**
     * Makes a reader for one connection.
     *
     * @param headerBytesMax the longest header of an answer
     * @param bodyBytesMax the longest body that is kept
     */
    public AnswerReader(int headerBytesMax, int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
        this.parser = new HttpParser(new Events(), headerBytesMax, LENIENT);
        // The cache would replace a value by one that differs in case.
        parser.setHeaderCacheCaseSensitive(true);
    }

    /**
     * Prepares for the answer to the next request.
     *
     * @param method the request's: an answer to HEAD has no body
     */
    public void expect(String method) {
        parser.reset();
        head = method.equals("HEAD");
        parser.setHeadResponse(head);
        parser.setHeadResponse(head);
        headers.clear();
        body.reset();
        overBound = false;
        progress = Progress.INCOMPLETE;
    }

    /**
     * Takes bytes up to the end of the expected answer; the rest stays in the buffer.
     *
     * @param bytes as they came
     * @return what became of the answer so far
     */
    public Progress read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && progress == Progress.INCOMPLETE) {
            parser.parseNext(bytes);
            if (progress == Progress.COMPLETE && status < 200) {
                expect(head ? "HEAD" : "");
            }
        }
        return progress;
    }

    /** The connection's other end closed: that ends an answer without a length (RFC 9112 section 6.3). */
    Progress readEnd() {
        parser.atEOF();
        parser.parseNext(ByteBuffer.allocate(0));
        return progress;
    }

    /** Whether the app keeps the connection open after the answer that was taken last. */
    boolean isPersistent() {
        return persistent && !closing;
    }

    /** Whether a part of an answer was read, but not all of it. */
    boolean isInside() {
        return progress == Progress.INCOMPLETE && !parser.isStart();
    }

    String problem() {
        return problem;
    }

    /**
     * The complete answer.
     *
     * @return without hop-by-hop fields
     */
    public AppAnswer take() {
        if (overBound) {
            return new AppAnswer(null);
        }
        // For HEAD and 304 the field tells what a GET would bring; else the body itself has the length.
        boolean keepsLength = head || status == 304;
        List<Header> kept = HopByHop.strip(
                headers, name -> name.startsWith("hermes-") || (!keepsLength && name.equals("content-length")));
        return new AppAnswer(new Answer(status, kept, body.toByteArray()));
    }

    private final class Events implements HttpParser.ResponseHandler {

        @Override
        public void startResponse(HttpVersion version, int newStatus, @Nullable String reason) {
            status = newStatus;
            persistent = version.getVersion() >= HttpVersion.HTTP_1_1.getVersion();
            closing = false;
        }

        @Override
        public void parsedHeader(HttpField field) {
            String value = field.getValue() == null ? "" : field.getValue();
            headers.add(new Header(field.getName(), value));
            if (field.getName().equalsIgnoreCase("Connection")) {
                closing |= field.contains("close");
                persistent |= field.contains("keep-alive");
            }
        }

        @Override
        public boolean headerComplete() {
            return false;
        }

        @Override
        public boolean content(ByteBuffer content) {
            int length = content.remaining();
            if (overBound || body.size() + length > bodyBytesMax) {
                overBound = true;
                body.reset();
                content.position(content.limit());
            } else {
                byte[] bytes = new byte[length];
                content.get(bytes);
                body.writeBytes(bytes);
            }
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            if (status > 599) {
                problem = "status " + status;
                progress = Progress.MALFORMED;
            } else {
                progress = Progress.COMPLETE;
            }
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            problem = String.valueOf(failure.getReason());
            progress = Progress.MALFORMED;
        }

        @Override
        public void earlyEOF() {
            problem = "the connection was closed in the middle of the answer";
            progress = Progress.MALFORMED;
        }
    }
}

package io.hermes.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One client's connection: unread requests, unsent answers. Owned by the server's thread. */
final class Connection {

    private static final int FIRST_BYTES = 8 * 1024;
    private static final int IN_BYTES_MAX = RequestParser.BODY_BYTES_MAX + RequestParser.HEADER_BYTES_MAX;
    /** With more unsent than this, no further request is executed. */
    private static final int UNSENT_BYTES_MAX = 1 << 20;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Service service;
    private final Failpoints failpoints;
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private byte[] in = new byte[FIRST_BYTES];
    private int inEnd;
    private @Nullable ByteBuffer unsent;
    private boolean closing;
    private boolean continued;
    private long executed;

    Connection(SocketChannel channel, SelectionKey key, Service service, Failpoints failpoints) {
        this.channel = channel;
        this.key = key;
        this.service = service;
        this.failpoints = failpoints;
    }

    /** How many requests were executed since the last call. */
    long takeExecuted() {
        long count = executed;
        executed = 0;
        return count;
    }

    /** Reads what is there and executes every request in it; the answers wait for {@link #send}. */
    void receive() throws IOException {
        if (inEnd == in.length) {
            if (in.length >= IN_BYTES_MAX) {
                throw new IOException("request over the bound");
            }
            in = Arrays.copyOf(in, Math.min(in.length * 4, IN_BYTES_MAX));
        }
        int count = channel.read(ByteBuffer.wrap(in, inEnd, in.length - inEnd));
        if (count < 0) {
            throw new IOException("closed by the client");
        }
        inEnd += count;
        executeAll();
    }

    /** Sends what can be sent; to be called after the service has settled. */
    void send() throws IOException {
        ByteBuffer bytes = unsent;
        if (bytes == null || !bytes.hasRemaining()) {
            if (answers.size() == 0) {
                finish();
                return;
            }
            bytes = ByteBuffer.wrap(answers.toByteArray());
            answers.reset();
        }
        channel.write(bytes);
        unsent = bytes;
        boolean more = bytes.hasRemaining();
        key.interestOps(more ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        if (!more) {
            finish();
        }
    }

    /** Goes on with requests that waited for their predecessors' answers to be sent; theirs leave in the next round. */
    void resume() throws IOException {
        if (key.isValid() && key.interestOps() == SelectionKey.OP_READ && inEnd > 0) {
            executeAll();
            if (answers.size() > 0) {
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // Nobody is left to be told.
            closing = true;
        }
    }

    private void finish() throws IOException {
        if (closing && answers.size() == 0) {
            throw new IOException("done");
        }
    }

    private void executeAll() throws IOException {
        int at = 0;
        try {
            while (!closing && answers.size() < UNSENT_BYTES_MAX) {
                RequestParser.Found found = RequestParser.parse(in, at, inEnd);
                if (found == null) {
                    break;
                }
                at = found.end();
                continued = false;
                executed++;
                failpoints.onReceived(found.request());
                HttpAnswer answer = service.execute(found.request());
                failpoints.onExecuted(found.request());
                write(answer, found.request());
            }
        } catch (MalformedException e) {
            closing = true;
            write(HttpAnswer.of(e.status(), "", e.getMessage() + "\n"), null);
        }
        System.arraycopy(in, at, in, 0, inEnd - at);
        inEnd -= at;
        if (!closing && !continued && inEnd > 0 && RequestParser.expectsContinue(in, 0, inEnd)) {
            continued = true;
            answers.writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void write(HttpAnswer answer, @Nullable HttpRequest request) {
        boolean keeps = request != null && request.keepsConnection();
        closing |= !keeps;
        StringBuilder head = new StringBuilder(128);
        head.append("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(answer.reason())
                .append("\r\n");
        head.append(answer.fields());
        if (answer.hasBody()) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        head.append(keeps ? "\r\n" : "Connection: close\r\n\r\n");
        answers.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (answer.hasBody() && (request == null || !request.method().equals("HEAD"))) {
            answers.writeBytes(answer.body());
        }
    }
}

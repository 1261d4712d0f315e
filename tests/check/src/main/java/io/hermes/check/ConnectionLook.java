package io.hermes.check;

import io.hermes.applier.AnswerReader;
import io.hermes.applier.AppCall;
import io.hermes.applier.RequestWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How an app treats connections: what an applier can live without, but not as fast.
 *
 * @param keepsConnections whether a connection stays open after an answer
 * @param pipelines whether two requests sent at once get two answers
 * @param head what is wrong with its answer to HEAD; empty if nothing
 */
record ConnectionLook(boolean keepsConnections, boolean pipelines, Optional<String> head) {

    private static final int WAIT_MILLIS = 300;
    private static final int READ_BYTES = 1 << 16;
    private static final int BODY_BYTES_MAX = 16 << 20;

    /** What came over one connection until it was closed or silent. */
    private record Heard(int answers, boolean closed, boolean malformed) {}

    /**
     * Asks an app that has nothing else to do.
     *
     * @param port where it listens
     * @param get a GET
     * @param head a HEAD of the same
     */
    static ConnectionLook at(int port, AppCall get, AppCall head) {
        Heard both = hear(port, "GET", get, get);
        if (both.answers() == 2 && !both.closed()) {
            return new ConnectionLook(true, true, headProblem(port, head));
        }
        Heard one = hear(port, "GET", get);
        return new ConnectionLook(one.answers() == 1 && !one.closed(), both.answers() == 2, headProblem(port, head));
    }

    private static Optional<String> headProblem(int port, AppCall head) {
        Heard heard = hear(port, "HEAD", head);
        if (heard.malformed()) {
            return Optional.of("sends a body with its answer to HEAD");
        }
        return heard.answers() == 1 ? Optional.empty() : Optional.of("does not answer HEAD");
    }

    private static Heard hear(int port, String method, AppCall... calls) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RequestWriter writer = new RequestWriter("127.0.0.1:" + port);
        for (AppCall call : calls) {
            writer.write(call, bytes);
        }
        AnswerReader reader = new AnswerReader(READ_BYTES, BODY_BYTES_MAX);
        int answers = 0;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAIT_MILLIS);
            socket.setSoTimeout(WAIT_MILLIS);
            socket.getOutputStream().write(bytes.toByteArray());
            InputStream in = socket.getInputStream();
            byte[] block = new byte[READ_BYTES];
            reader.expect(method);
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                ByteBuffer read = ByteBuffer.wrap(block, 0, count);
                while (read.hasRemaining()) {
                    AnswerReader.Progress progress = reader.read(read);
                    if (progress == AnswerReader.Progress.MALFORMED || answers == calls.length) {
                        return new Heard(answers, false, true);
                    }
                    if (progress == AnswerReader.Progress.COMPLETE) {
                        answers++;
                        reader.expect(method);
                    }
                }
            }
            return new Heard(answers, true, false);
        } catch (SocketTimeoutException e) {
            return new Heard(answers, false, false);
        } catch (IOException e) {
            return new Heard(answers, true, false);
        }
    }
}

package io.hermes.bench;

import io.hermes.applier.AnswerReader;
import io.hermes.applier.App;
import io.hermes.applier.AppCall;
import io.hermes.applier.RequestWriter;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * Our writer and reader on a blocking socket: one write, then reads until all is answered. The least that a client can do, and
 * less than it has to: no time-out, and an app that answers before it has read everything could lock the two up.
 */
final class BlockingPath implements AppPath {

    private static final int BYTES_MAX = 1 << 20;

    private final SocketChannel channel;
    private final RequestWriter writer;
    private final AnswerReader reader = new AnswerReader(BYTES_MAX, BYTES_MAX);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024).flip();

    BlockingPath(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        writer = new RequestWriter("127.0.0.1:" + port);
    }

    @Override
    public void apply(List<AppCall> calls, App.Answers answers) throws IOException {
        out.reset();
        for (AppCall call : calls) {
            writer.write(call, out);
        }
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        for (AppCall call : calls) {
            reader.expect(call.record().request().method());
            while (reader.read(in) != AnswerReader.Progress.COMPLETE) {
                in.clear();
                int count = channel.read(in);
                in.flip();
                if (count < 0) {
                    throw new EOFException("no answer to the request at position " + call.position());
                }
            }
            answers.onAnswer(call, reader.take());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package io.hermes.log.direct;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingress's end of one connection. Owned by the selector's thread. */
final class Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    static final int KEY_BYTES = 8;
    private static final int LENGTH_BYTES = 4;
    private static final int FIRST_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final int replyBytesMax;
    private final DirectReplyBus bus;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int end;

    Receiver(SocketChannel channel, int replyBytesMax, DirectReplyBus bus) {
        this.channel = channel;
        this.replyBytesMax = replyBytesMax;
        this.bus = bus;
    }

    void onReadable() {
        try {
            int count = channel.read(ByteBuffer.wrap(bytes, end, bytes.length - end));
            if (count < 0) {
                channel.close();
                return;
            }
            end += count;
            deliverWholeFrames();
        } catch (IOException e) {
            LOG.debug("a connection for direct replies broke reason={}", e.toString());
            close();
        }
    }

    /** For tests: bytes that are kept for what comes. */
    int capacity() {
        return bytes.length;
    }

    private void deliverWholeFrames() throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, end);
        int needed = LENGTH_BYTES;
        while (buffer.remaining() >= LENGTH_BYTES) {
            int length = buffer.getInt(buffer.position());
            if (length < KEY_BYTES || length - KEY_BYTES > replyBytesMax) {
                throw new IOException("a frame of " + length + " bytes");
            }
            needed = LENGTH_BYTES + length;
            if (buffer.remaining() < needed) {
                break;
            }
            buffer.getInt();
            long key = buffer.getLong();
            byte[] reply = new byte[length - KEY_BYTES];
            buffer.get(reply);
            bus.deliver(key, reply);
            needed = LENGTH_BYTES;
        }
        int left = buffer.remaining();
        // As much again as has come, not as much as was announced: anybody may announce.
        byte[] next = left == bytes.length ? new byte[(int) Math.min(needed, 2L * left)] : bytes;
        System.arraycopy(bytes, buffer.position(), next, 0, left);
        // One long piece does not make every later one expensive.
        bytes = next.length > FIRST_BYTES && needed <= FIRST_BYTES && left <= FIRST_BYTES
                ? Arrays.copyOf(next, FIRST_BYTES)
                : next;
        end = left;
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close failed", e);
        }
    }
}

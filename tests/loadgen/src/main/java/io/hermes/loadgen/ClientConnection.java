package io.hermes.loadgen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client: a connection with at most one request under way, opened when a request needs it and kept as long as the server
 * keeps it. Owned by the loop's thread.
 */
final class ClientConnection {

    /** Told what became of requests. */
    interface Listener {

        /** An answer came, of whatever status. */
        void onAnswer(ClientConnection connection);

        /** No answer will come. */
        void onFailure(ClientConnection connection, ErrorKind kind);
    }

    private final InetSocketAddress address;
    private final Selector selector;
    private final RequestWriter writer;
    private final byte[] inBytes;
    private final ByteBuffer in;
    private final Listener listener;
    private final ByteBuffer out;
    private final ResponseParser parser = new ResponseParser();

    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean busy;
    private boolean write;
    private long startNanos;
    private long wakeNanos;

    /**
     * A closed connection.
     *
     * @param inBytes shared by all connections of a loop
     */
    ClientConnection(
            InetSocketAddress address, Selector selector, RequestWriter writer, byte[] inBytes, Listener listener) {
        this.address = address;
        this.selector = selector;
        this.writer = writer;
        this.inBytes = inBytes;
        this.in = ByteBuffer.wrap(inBytes);
        this.listener = listener;
        this.out = ByteBuffer.allocateDirect(writer.bytesMax());
    }

    boolean isBusy() {
        return busy;
    }

    boolean isWrite() {
        return write;
    }

    int status() {
        return parser.status();
    }

    /** When the present or last request began, or was due. */
    long startNanos() {
        return startNanos;
    }

    long wakeNanos() {
        return wakeNanos;
    }

    /** Notes when to go on; the loop keeps to it. */
    void sleepUntil(long nanos) {
        wakeNanos = nanos;
    }

    /** Sends the next request, connecting first if need be. */
    void begin(long start) {
        startNanos = start;
        busy = true;
        out.clear();
        write = writer.next(out);
        out.flip();
        parser.reset();
        SocketChannel open = channel;
        if (open == null) {
            connect();
            return;
        }
        try {
            send(open);
        } catch (IOException e) {
            fail(ErrorKind.BROKEN);
        }
    }

    /** Does what the selector found possible. */
    void onReady() {
        SocketChannel open = channel;
        SelectionKey ready = key;
        if (open == null || ready == null || !ready.isValid()) {
            return;
        }
        if (ready.isConnectable()) {
            finishConnect(open);
            return;
        }
        try {
            if (ready.isWritable()) {
                send(open);
            }
            if (ready.isReadable()) {
                receive(open);
            }
        } catch (MalformedResponseException e) {
            fail(ErrorKind.MALFORMED);
        } catch (IOException e) {
            fail(ErrorKind.BROKEN);
        }
    }

    /** Gives the request up. */
    void expire() {
        fail(ErrorKind.TIMEOUT);
    }

    /** Closes whatever is open, telling nobody. */
    void close() {
        busy = false;
        SocketChannel open = channel;
        channel = null;
        key = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is gone either way.
                return;
            }
        }
    }

    private void connect() {
        try {
            SocketChannel fresh = SocketChannel.open();
            channel = fresh;
            fresh.configureBlocking(false);
            fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = fresh.connect(address);
            key = fresh.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (connected) {
                send(fresh);
            }
        } catch (IOException e) {
            fail(ErrorKind.REFUSED);
        }
    }

    private void finishConnect(SocketChannel open) {
        try {
            open.finishConnect();
        } catch (IOException e) {
            fail(ErrorKind.REFUSED);
            return;
        }
        try {
            send(open);
        } catch (IOException e) {
            fail(ErrorKind.BROKEN);
        }
    }

    private void send(SocketChannel open) throws IOException {
        open.write(out);
        int interest = out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        SelectionKey current = key;
        if (current != null && current.interestOps() != interest) {
            current.interestOps(interest);
        }
    }

    private void receive(SocketChannel open) throws IOException {
        in.clear();
        int count = open.read(in);
        if (!busy) {
            // Bytes or an end that nobody asked for: the next request gets a new connection.
            close();
            return;
        }
        if (count < 0) {
            if (!parser.onClosed()) {
                throw new IOException("closed by the server");
            }
            close();
            listener.onAnswer(this);
            return;
        }
        int end = parser.feed(inBytes, 0, count);
        if (parser.isDone()) {
            busy = false;
            if (!parser.keepsConnection() || end < count || out.hasRemaining()) {
                close();
            }
            listener.onAnswer(this);
        }
    }

    private void fail(ErrorKind kind) {
        close();
        listener.onFailure(this, kind);
    }
}

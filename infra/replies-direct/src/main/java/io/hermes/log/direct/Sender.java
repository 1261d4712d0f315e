package io.hermes.log.direct;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The applier's end of one connection: made when there is something to send, and anew, after a pause, when it breaks. Whoever sends
 * writes at once if nothing waits; otherwise the selector's thread goes on.
 */
final class Sender {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private static final long PAUSE_NANOS = 250_000_000;
    private static final long SILENT_NANOS = 60_000_000_000L;

    private final DirectAddress target;
    private final DirectConfig config;
    private final DirectReplyBus bus;
    private final LongSupplier nanoClock;

    // Guarded by this: appliers' threads send, the selector's connects and goes on.
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean connected;
    private long notBeforeNanos;
    private long lastUsedNanos;

    Sender(DirectAddress target, DirectConfig config, DirectReplyBus bus, LongSupplier nanoClock) {
        this.target = target;
        this.config = config;
        this.bus = bus;
        this.nanoClock = nanoClock;
        this.notBeforeNanos = nanoClock.getAsLong();
        this.lastUsedNanos = notBeforeNanos;
    }

    synchronized void send(byte[] reply) {
        lastUsedNanos = nanoClock.getAsLong();
        if (reply.length > config.replyBytesMax()) {
            // The other end would close the connection, and what else is on its way would be lost with it.
            LOG.warn(
                    "not sending a piece that is too long keys={} bytes={} bytesMax={}",
                    config.keys(),
                    reply.length,
                    config.replyBytesMax());
            return;
        }
        if (channel == null && lastUsedNanos - notBeforeNanos < 0) {
            return;
        }
        if (!waiting.isEmpty() && waitingBytes + reply.length > config.waitingBytesMax()) {
            return;
        }
        ByteBuffer frame = ByteBuffer.allocate(4 + Receiver.KEY_BYTES + reply.length)
                .putInt(Receiver.KEY_BYTES + reply.length)
                .putLong(target.key())
                .put(reply)
                .flip();
        waiting.addLast(frame);
        waitingBytes += frame.remaining();
        try {
            if (channel == null) {
                connect();
            } else if (connected && waiting.size() == 1) {
                write();
            }
        } catch (IOException e) {
            onBroken(e);
        }
    }

    /** The connection was made, or takes more bytes, or broke. */
    synchronized void onReady(SelectionKey ready) {
        SocketChannel current = channel;
        if (current == null || ready != key) {
            return;
        }
        try {
            if (ready.isConnectable() && current.finishConnect()) {
                connected = true;
                ready.interestOps(SelectionKey.OP_READ);
            }
            if (connected && ready.isReadable() && current.read(ByteBuffer.allocate(1)) < 0) {
                throw new IOException("closed by the ingress");
            }
            if (connected) {
                write();
            }
        } catch (IOException e) {
            onBroken(e);
        }
    }

    /** Closes a connection over which nothing went for a minute; tells whether it did. */
    synchronized boolean closeIfSilent() {
        if (nanoClock.getAsLong() - lastUsedNanos < SILENT_NANOS) {
            return false;
        }
        close();
        return true;
    }

    synchronized void close() {
        SocketChannel current = channel;
        channel = null;
        key = null;
        connected = false;
        waiting.clear();
        waitingBytes = 0;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                LOG.debug("close failed", e);
            }
        }
    }

    private void connect() throws IOException {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        bus.onSelector(() -> register(opened));
    }

    /** On the selector's thread, where resolving a name may take its time. */
    private void register(SocketChannel opened) {
        InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
        synchronized (this) {
            if (channel != opened) {
                return;
            }
            try {
                if (address.isUnresolved()) {
                    throw new IOException("unknown host " + target.host());
                }
                SelectionKey registered = opened.register(bus.selector(), SelectionKey.OP_CONNECT, this);
                key = registered;
                if (opened.connect(address)) {
                    connected = true;
                    registered.interestOps(SelectionKey.OP_READ);
                    write();
                }
            } catch (IOException | RuntimeException e) {
                onBroken(e);
            }
        }
    }

    private void write() throws IOException {
        SocketChannel current = channel;
        SelectionKey registered = key;
        if (current == null || registered == null) {
            return;
        }
        while (!waiting.isEmpty()) {
            ByteBuffer first = waiting.getFirst();
            int count = current.write(first);
            waitingBytes -= count;
            if (first.hasRemaining()) {
                break;
            }
            waiting.removeFirst();
        }
        boolean more = !waiting.isEmpty();
        int wanted = more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (registered.isValid() && registered.interestOps() != wanted) {
            registered.interestOps(wanted);
            bus.selector().wakeup();
        }
    }

    private void onBroken(Exception failure) {
        LOG.debug("direct replies to {}:{} broke reason={}", target.host(), target.port(), failure.toString());
        notBeforeNanos = nanoClock.getAsLong() + PAUSE_NANOS;
        close();
    }
}

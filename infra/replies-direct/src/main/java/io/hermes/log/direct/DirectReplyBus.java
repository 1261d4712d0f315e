package io.hermes.log.direct;

import io.hermes.log.FaultHandler;
import io.hermes.log.Inbox;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies over one connection from each applier to each ingress, without a broker (R1–R5). What cannot be sent at once, or soon, is
 * dropped: whoever waits asks again.
 */
public final class DirectReplyBus implements ReplyBus {

    private static final Logger LOG = LoggerFactory.getLogger(DirectReplyBus.class);

    private static final int BACKLOG = 256;
    /** Ingresses that replies went to; those that were silent longest are forgotten beyond it. */
    private static final int SENDERS_MAX = 1_000;

    private static final long CLOSE_SECONDS = 5;
    private static final long SELECT_MILLIS = 500;

    private final DirectConfig config;
    private final FaultHandler faults;
    private final LongSupplier nanoClock;
    private final Selector selector;
    private final Thread thread;
    // Any thread sends, opens and closes; the selector's reads.
    private final Map<DirectAddress, Sender> senders = new ConcurrentHashMap<>();
    private final Map<Long, DirectInbox> inboxes = new ConcurrentHashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    // Owned by the selector's thread: where connections wait until there is room for them; null while they are taken.
    private @Nullable SelectionKey waitingForRoom;
    private long waitingSinceNanos;

    // Guarded by this: opened with the first inbox.
    private @Nullable ServerSocketChannel server;

    /**
     * Starts the bus; it listens once the first inbox is opened.
     *
     * @param config where replies reach this process
     * @param faults told if the bus cannot go on, and delivers and sends no more
     * @param nanoClock for pauses between two tries to connect
     */
    public DirectReplyBus(DirectConfig config, FaultHandler faults, LongSupplier nanoClock) {
        this.config = config;
        this.faults = faults;
        this.nanoClock = nanoClock;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new LogUnavailableException("no selector for direct replies: " + e.getMessage(), e);
        }
        this.thread = new Thread(this::run, "replies-direct-0");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Inbox openInbox(String incarnation, Consumer<byte[]> onReply) {
        int port = listen();
        long key = key(incarnation);
        DirectAddress address = new DirectAddress(config.host(), port, key);
        DirectInbox inbox = new DirectInbox(address.toReplyAddress(), onReply, () -> inboxes.remove(key));
        if (closed || inboxes.putIfAbsent(key, inbox) != null) {
            throw new IllegalArgumentException("an inbox of " + incarnation + " is open already, or the bus is closed");
        }
        return inbox;
    }

    @Override
    public void reply(ReplyAddress address, byte[] reply) {
        DirectAddress target = DirectAddress.of(address).orElse(null);
        if (closed || target == null) {
            return;
        }
        Sender sender = senders.get(target);
        if (sender == null) {
            forgetSilentSenders();
            sender = senders.computeIfAbsent(target, any -> new Sender(any, config, this, nanoClock));
        }
        sender.send(reply);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inboxes.values().forEach(DirectInbox::close);
    }

    /** Hands a frame to the inbox that it is for; on the selector's thread. */
    void deliver(long key, byte[] reply) {
        DirectInbox inbox = inboxes.get(key);
        if (inbox != null) {
            inbox.deliver(reply);
        }
    }

    /** Has something done by the selector's thread. */
    void onSelector(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    Selector selector() {
        return selector;
    }

    private synchronized int listen() {
        try {
            ServerSocketChannel listening = server;
            if (listening == null) {
                listening = ServerSocketChannel.open();
                listening.bind(new InetSocketAddress(config.listenHost(), config.port()), BACKLOG);
                listening.configureBlocking(false);
                server = listening;
                ServerSocketChannel opened = listening;
                onSelector(() -> register(opened));
            }
            return ((InetSocketAddress) listening.getLocalAddress()).getPort();
        } catch (IOException | IllegalArgumentException e) {
            throw new LogUnavailableException(
                    "cannot listen for " + config.keys() + " on " + config.listenHost() + ":" + config.port() + " ("
                            + e.getMessage() + "): stop what uses the port, or choose another (" + config.keys()
                            + ".port)",
                    e);
        }
    }

    private void register(ServerSocketChannel listening) {
        try {
            listening.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            LOG.error("direct replies cannot be accepted reason={}", e.toString());
        }
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(SELECT_MILLIS);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    runOrPassOver(task);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    readyOrClosed(key);
                }
                selector.selectedKeys().clear();
                acceptAgain();
            }
        } catch (IOException | RuntimeException | Error e) { // the loop's edge: the selector itself fails
            faults.onFatal("the thread of direct replies ends: " + e, e);
        } finally {
            closeAll();
        }
    }

    /** It concerns one connection: whoever misses a reply asks again. */
    private static void runOrPassOver(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("direct replies: going on after a failure", e);
        }
    }

    /** A connection that something goes wrong with is closed, lest it goes wrong for ever; the others go on. */
    private void readyOrClosed(SelectionKey key) {
        try {
            ready(key);
        } catch (RuntimeException | Error e) {
            LOG.error("direct replies: closing a connection after a failure", e);
            if (!(key.channel() instanceof ServerSocketChannel)) {
                close(key.channel());
            }
        }
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close failed", e);
        }
    }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            accept(key);
        } else if (key.attachment() instanceof Receiver receiver) {
            receiver.onReadable();
        } else if (key.attachment() instanceof Sender sender) {
            sender.onReady(key);
        }
    }

    private void accept(SelectionKey listeningKey) {
        ServerSocketChannel listening;
        synchronized (this) {
            listening = server;
        }
        try {
            SocketChannel channel = listening == null ? null : listening.accept();
            if (channel != null) {
                take(channel);
            }
        } catch (IOException e) {
            // Without a free file descriptor it would be tried, and told, without end.
            LOG.warn("connections for direct replies have to wait reason={}", e.toString());
            listeningKey.interestOps(0);
            waitingForRoom = listeningKey;
            waitingSinceNanos = nanoClock.getAsLong();
        }
    }

    private void take(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new Receiver(channel, config.replyBytesMax(), this));
        } catch (IOException e) {
            LOG.warn("a connection for direct replies was not taken reason={}", e.toString());
            close(channel);
        }
    }

    private void acceptAgain() {
        SelectionKey listeningKey = waitingForRoom;
        if (listeningKey != null
                && nanoClock.getAsLong() - waitingSinceNanos >= TimeUnit.MILLISECONDS.toNanos(SELECT_MILLIS)) {
            waitingForRoom = null;
            listeningKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void forgetSilentSenders() {
        if (senders.size() >= SENDERS_MAX) {
            senders.values().removeIf(Sender::closeIfSilent);
        }
    }

    private void closeAll() {
        senders.values().forEach(Sender::close);
        try {
            if (selector.isOpen()) {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
            selector.close();
        } catch (IOException e) {
            LOG.debug("close failed", e);
        }
    }

    /** Follows from the incarnation, which nobody can guess who has not been told it. */
    private static long key(String incarnation) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(incarnation.getBytes(StandardCharsets.UTF_8));
            return java.nio.ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** One open end. */
    private static final class DirectInbox implements Inbox {

        private final ReplyAddress address;
        private final Consumer<byte[]> onReply;
        private final Runnable onClose;
        // Guarded by this: the selector's thread hands over, any other closes.
        private boolean closed;

        DirectInbox(ReplyAddress address, Consumer<byte[]> onReply, Runnable onClose) {
            this.address = address;
            this.onReply = onReply;
            this.onClose = onClose;
        }

        @Override
        public ReplyAddress address() {
            return address;
        }

        synchronized void deliver(byte[] reply) {
            if (!closed) {
                try {
                    onReply.accept(reply);
                } catch (RuntimeException e) {
                    LOG.error("a reply was not taken", e);
                }
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
            }
            onClose.run();
        }
    }
}

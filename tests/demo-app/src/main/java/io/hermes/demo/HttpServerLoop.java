package io.hermes.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server on one thread: of all connections that have something to read, every complete request is executed,
 * the service settles once, and each connection's answers leave in one write. That is what makes pipelining cheap.
 */
final class HttpServerLoop implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final Service service;
    private final LongConsumer onExecuted;
    private final Failpoints failpoints;
    private final Selector selector;
    private final ServerSocketChannel server;
    private volatile boolean stopped;

    /**
     * Binds the port.
     *
     * @param onExecuted told after each round how many requests were executed
     * @param failpoints asked before a request is executed, and between settling and sending
     * @throws IOException if the port is taken
     */
    HttpServerLoop(String host, int port, Service service, LongConsumer onExecuted, Failpoints failpoints)
            throws IOException {
        this.service = service;
        this.onExecuted = onExecuted;
        this.failpoints = failpoints;
        this.selector = Selector.open();
        this.server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(host, port), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Serves until {@link #close}. */
    void run() throws IOException {
        while (!stopped) {
            selector.select();
            List<Connection> busy = new ArrayList<>();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isValid() && key.isAcceptable()) {
                    accept();
                } else if (key.isValid()) {
                    ready(key, busy);
                }
            }
            selector.selectedKeys().clear();
            service.settle();
            failpoints.onSettled();
            long executed = 0;
            for (Connection connection : busy) {
                executed += connection.takeExecuted();
                send(connection);
            }
            if (executed > 0) {
                onExecuted.accept(executed);
            }
        }
        server.close();
        selector.close();
        service.close();
    }

    /** Ends {@link #run} soon. Any thread. */
    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new Connection(channel, key, service, failpoints));
        }
    }

    private static void ready(SelectionKey key, List<Connection> busy) {
        Connection connection = connection(key);
        if (connection == null) {
            return;
        }
        try {
            if (key.isReadable()) {
                connection.receive();
            }
            busy.add(connection);
        } catch (IOException e) {
            connection.close();
        }
    }

    private static void send(Connection connection) {
        try {
            connection.send();
            connection.resume();
        } catch (IOException e) {
            connection.close();
        }
    }

    private static @Nullable Connection connection(SelectionKey key) {
        return key.attachment() instanceof Connection connection ? connection : null;
    }
}

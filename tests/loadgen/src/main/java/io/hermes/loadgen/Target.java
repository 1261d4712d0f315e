package io.hermes.loadgen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * The server under load.
 *
 * @param host as the user wrote it
 * @param port of TCP
 */
record Target(String host, int port) {

    private static final int CONNECT_MILLIS = 3_000;

    Target {
        if (port < 1 || port > 65_535) {
            throw BenchException.usage("port " + port + " is not between 1 and 65535");
        }
        // An IPv6 address, as URIs and header fields write it.
        host = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Reads {@code http://host:port} or {@code host:port}. */
    static Target parse(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            boolean plain = "http".equals(uri.getScheme())
                    && uri.getHost() != null
                    && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
            if (plain) {
                return new Target(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
            }
        } catch (IllegalArgumentException e) {
            throw BenchException.usage(text + " is no address (" + e.getMessage() + "): write http://HOST:PORT");
        }
        throw BenchException.usage(text + " is no address: write http://HOST:PORT, without a path");
    }

    /** Where to connect; {@code localhost} is 127.0.0.1, whatever the resolver prefers. */
    InetSocketAddress socketAddress() {
        try {
            String name = host.equals("localhost") ? "127.0.0.1" : host;
            return new InetSocketAddress(InetAddress.getByName(name), port);
        } catch (UnknownHostException e) {
            throw BenchException.failed("nobody knows the host " + host + ": check the name");
        }
    }

    /** Connects once, so that a server that is not there is told in one line, not in thousands of errors. */
    void requireListening() {
        try (Socket socket = new Socket()) {
            socket.connect(socketAddress(), CONNECT_MILLIS);
        } catch (IOException e) {
            throw BenchException.failed("nothing answers at " + this + " (" + e.getMessage()
                    + "): start it first, for example with ./hermes demo --port " + port
                    + ", or name another server with --address and --port");
        }
    }

    @Override
    public String toString() {
        return "http://" + host + ":" + port;
    }
}

package io.hermes.loadgen;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server whose answers a test makes up, byte for byte; a thread per connection. */
final class StubServer implements AutoCloseable {

    static final String WRITTEN = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwritten";

    /** Makes answers up. */
    interface Responder {

        /** The answer to the so-manieth request (0 is the first); nothing: the connection is closed without one. */
        @Nullable
        String answer(int number, String method, String path, String body) throws InterruptedException;
    }

    private final Responder responder;
    private final ServerSocket server;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    StubServer(Responder responder) throws IOException {
        this.responder = responder;
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    static StubServer written() throws IOException {
        return new StubServer((number, method, path, body) -> WRITTEN);
    }

    static String status(int status) {
        return "HTTP/1.1 " + status + " Some\r\nContent-Length: 0\r\n\r\n";
    }

    int port() {
        return server.getLocalPort();
    }

    Target target() {
        return new Target("127.0.0.1", port());
    }

    int requests() {
        return requests.get();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            while (true) {
                String head = head(in);
                if (head == null) {
                    return;
                }
                String[] words = head.split(" ", 3);
                String body = new String(in.readNBytes(length(head)), StandardCharsets.ISO_8859_1);
                String answer = responder.answer(requests.getAndIncrement(), words[0], words[1], body);
                if (answer == null) {
                    return;
                }
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                if (answer.startsWith("HTTP/1.0")) {
                    return;
                }
            }
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static int length(String head) {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        return at < 0
                ? 0
                : Integer.parseInt(lower.substring(at + "content-length: ".length(), lower.indexOf("\r\n", at)));
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "stub-server");
        thread.setDaemon(true);
        thread.start();
    }
}

package io.hermes.applier;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An app on a real socket with a thread for each connection, as most are. */
final class ThreadedApp implements AutoCloseable {

    /** What the app does; called by the threads of all connections. */
    interface Handler {

        /** The body of the answer; null closes the connection without one. */
        @Nullable
        String answer(String target, long position) throws InterruptedException;
    }

    private final ServerSocket server;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    ThreadedApp(Handler handler) throws IOException {
        this.handler = handler;
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Speaks with this app. */
    App client(int pipelining, int connections, Duration timeout) {
        AppConfig config = new AppConfig(
                        AppKind.DISPOSABLE,
                        "127.0.0.1",
                        port(),
                        List.of("true"),
                        Path.of("app"),
                        Path.of("note"),
                        null,
                        null,
                        "/position",
                        pipelining,
                        timeout,
                        1_000,
                        Duration.ofMillis(100))
                .withConnections(connections);
        return connections == 1
                ? new HttpAppClient(config, () -> !server.isClosed(), System::nanoTime)
                : new ParallelAppClient(config, () -> !server.isClosed(), System::nanoTime);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                String target = line.split(" ", -1)[1];
                long position = 0;
                int length = 0;
                for (String header = readLine(in); !header.isEmpty(); header = readLine(in)) {
                    if (header.startsWith("Hermes-Position: ")) {
                        position = Long.parseLong(header.substring("Hermes-Position: ".length()));
                    } else if (header.startsWith("Content-Length: ")) {
                        length = Integer.parseInt(header.substring("Content-Length: ".length()));
                    }
                }
                in.skipNBytes(length);
                String body = handler.answer(target, position);
                if (body == null) {
                    return;
                }
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException | InterruptedException e) {
            // The client is gone, or the test is over.
        } finally {
            open.remove(socket);
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "threaded-app");
        thread.setDaemon(true);
        thread.start();
    }
}

package io.hermes.applier;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An app on a real socket that says, connection by connection, exactly what a test tells it to. */
final class ScriptedApp implements AutoCloseable {

    /** What happens on one connection. */
    interface Script {
        void run(Conversation conversation) throws IOException;
    }

    /** One connection as a script sees it. */
    static final class Conversation {
        private final InputStream in;
        private final OutputStream out;
        private final BlockingQueue<String> heads;

        Conversation(Socket socket, BlockingQueue<String> heads) throws IOException {
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
            this.heads = heads;
        }

        /** Reads one header up to its blank line. */
        String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("closed after '" + head + "'");
                }
                head.append((char) next);
            }
            heads.add(head.toString());
            return head.toString();
        }

        String readBody(int bytes) throws IOException {
            return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
        }

        void say(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void say(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void awaitClose() throws IOException {
            in.readAllBytes();
        }
    }

    private final ServerSocket server;
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final Thread thread;

    ScriptedApp(int port, Script... scripts) throws IOException {
        server = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
        thread = new Thread(
                () -> {
                    for (Script script : scripts) {
                        try (Socket socket = server.accept()) {
                            script.run(new Conversation(socket, heads));
                        } catch (IOException e) {
                            heads.add("ended: " + e.getMessage());
                        }
                    }
                },
                "scripted-app-0");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** The headers of the requests so far. */
    BlockingQueue<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

package io.hermes.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A service that runs on a free port. */
final class Running implements AutoCloseable {

    private final HttpServerLoop loop;
    private final Thread thread;

    Running(Service service) throws IOException {
        this(service, Failpoints.NONE);
    }

    Running(Service service, Failpoints failpoints) throws IOException {
        loop = new HttpServerLoop("127.0.0.1", 0, service, executed -> {}, failpoints);
        thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                "demo-server-0");
        thread.start();
    }

    /** Sends a text, each LF as CR LF, and reads until the server closes. */
    String exchange(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), loop.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(all);
            return all.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        }
    }

    /** The body of the answer to one request. */
    String body(String method, String path, String body) throws IOException {
        String answer = exchange(method + " " + path + " HTTP/1.1\nHost: x\nConnection: close\nContent-Length: "
                + body.length() + "\n\n" + body);
        return answer.substring(answer.indexOf("\n\n") + 2);
    }

    /** The body of the answer to one request that stands at a position of the log. */
    String bodyAt(String position, String method, String path, String body) throws IOException {
        String answer = exchange(method + " " + path + " HTTP/1.1\nHermes-Position: " + position
                + "\nConnection: close\nContent-Length: " + body.length() + "\n\n" + body);
        return answer.substring(answer.indexOf("\n\n") + 2);
    }

    /** What the service tells of its position. */
    String position() throws IOException {
        return body("GET", "/.well-known/hermes/position", "");
    }

    int status(String method, String path, String body) throws IOException {
        String answer = exchange(method + " " + path + " HTTP/1.1\nHost: x\nConnection: close\nContent-Length: "
                + body.length() + "\n\n" + body);
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Override
    public void close() {
        loop.close();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

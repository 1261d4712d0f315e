package io.hermes.system;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Bytes to a port and back, for what well-behaved clients never send. */
final class RawHttp {

    private static final int READ_TIMEOUT_MILLIS = 40_000;

    private RawHttp() {}

    /** Sends a text (each line ended by LF becomes CR LF) and reads until the other end closes. */
    static String exchange(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.getOutputStream().write(bytes(text));
            socket.getOutputStream().flush();
            return readAll(socket.getInputStream());
        }
    }

    /** Sends a text and goes away without waiting for an answer. */
    static void sendAndLeave(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(bytes(text));
            socket.getOutputStream().flush();
        }
    }

    private static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}

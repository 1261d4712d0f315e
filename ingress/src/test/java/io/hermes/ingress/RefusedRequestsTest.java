package io.hermes.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused reaches its client, whatever that goes on sending, and holds up nobody else. */
@Timeout(60)
class RefusedRequestsTest extends IngressFixture {

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void refusedConnectEndsTheConnection(String field) throws Exception {
        Ingress started = startIngress(config());
        String answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n" + field + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));

            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(answer).startsWith("HTTP/1.1 501 ").contains("\r\nConnection: close\r\n");
    }

    @Test
    void whoWritesOnGetsToReadThatItsBodyIsTooLong() throws Exception {
        String answer = answerToEightChunks("Transfer-Encoding: chunked");

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\r\nConnection: close\r\n", "body-too-long");
    }

    @Test
    void whoWasToldToUploadGetsToReadThatItsBodyIsTooLong() throws Exception {
        String answer = answerToEightChunks("Transfer-Encoding: chunked\r\nExpect: 100-continue");

        assertThat(answer).contains("HTTP/1.1 413 ", "body-too-long");
    }

    @Test
    void whoFloodsConnectionsWithWhatIsRefusedHoldsUpNobodyElse() throws Exception {
        startReplica("replica-0");
        Ingress started = startReadyIngress(config());
        byte[] flood = "GET /.well-known/hermes/x HTTP/1.1\r\nHost: a\r\n\r\n"
                .repeat(20_000)
                .getBytes(StandardCharsets.ISO_8859_1);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port());
            sockets.add(socket);
            inBackground(() -> {
                while (true) {
                    socket.getOutputStream().write(flood);
                }
            });
            inBackground(() -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        }
        long startNanos = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(post("beside").statusCode()).isEqualTo(201);
        }
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        for (Socket socket : sockets) {
            socket.close();
        }

        assertThat(millis).isLessThan(8_000);
    }

    @Test
    void whoNeverEndsABodyThatIsTooLongIsCutOff() throws Exception {
        Ingress started = startIngress(config());
        byte[] bytes = new byte[1 << 20];
        long written = 0;
        try (Socket socket = connect(started, "Content-Length: " + Long.MAX_VALUE)) {
            while (written < 4 * RefusedUpload.DISCARDED_BYTES_MAX) {
                socket.getOutputStream().write(bytes);
                written += bytes.length;
            }
        } catch (SocketException e) {
            assertThat(written).isGreaterThanOrEqualTo(RefusedUpload.DISCARDED_BYTES_MAX);
        }

        assertThat(written).isLessThan(2 * RefusedUpload.DISCARDED_BYTES_MAX);
    }

    @Test
    void whoAsksBeforeItUploadsIsRefusedAtOnce() throws Exception {
        Ingress started = startIngress(config());
        String answer;
        try (Socket socket = connect(started, "Content-Length: 9999999\r\nExpect: 100-continue")) {
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("body-too-long");
    }

    private static void inBackground(Callable<?> task) {
        Thread thread = new Thread(() -> {
            try {
                var unused = task.call();
            } catch (Exception e) {
                // The test closes what is used.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** To an upload of eight times 1 MiB, which goes on whatever is answered meanwhile. */
    private String answerToEightChunks(String fields) throws Exception {
        byte[] chunk = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = connect(startIngress(config()), fields)) {
            for (int written = 0; written < 8; written++) {
                socket.getOutputStream().write(chunk);
                // Time for a reset to arrive, if there is one.
                Thread.sleep(20);
            }
            socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A connection on which a POST has begun, its header ended by some fields. */
    private static Socket connect(Ingress to, String fields) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("POST /insert HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}

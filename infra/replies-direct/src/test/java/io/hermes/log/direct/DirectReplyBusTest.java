package io.hermes.log.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hermes.log.Inbox;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.ReplyAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract leaves open: long pieces, broken connections, strangers. */
class DirectReplyBusTest {

    private final List<String> fatal = new CopyOnWriteArrayList<>();
    private final DirectReplyBus ingress = bus(0);
    private final DirectReplyBus applier = bus(0);
    private final List<byte[]> received = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeBoth() {
        applier.close();
        ingress.close();
    }

    @Test
    void longPiecesArriveWhole() {
        Inbox inbox = ingress.openInbox("ingress-1", received::add);

        for (int i = 0; i < 3; i++) {
            byte[] piece = new byte[1 << 20];
            piece[i] = 1;
            applier.reply(inbox.address(), piece);
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 3);
        for (int i = 0; i < 3; i++) {
            assertThat(received.get(i)).hasSize(1 << 20);
            assertThat(received.get(i)[i]).isEqualTo((byte) 1);
        }
    }

    @Test
    void pieceThatIsTooLongDoesNotTakeItsNeighboursWithIt() {
        Inbox inbox = ingress.openInbox("ingress-1", received::add);

        applier.reply(inbox.address(), bytes("before"));
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);

        applier.reply(inbox.address(), new byte[(16 << 20) + 1]);
        applier.reply(inbox.address(), bytes("after"));

        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 2);
        assertThat(received.get(1)).isEqualTo(bytes("after"));
    }

    @Test
    void longestPieceArrives() {
        Inbox inbox = ingress.openInbox("ingress-1", received::add);

        applier.reply(inbox.address(), new byte[16 << 20]);

        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);
        assertThat(received.get(0)).hasSize(16 << 20);
    }

    @Test
    void longerPiecesPassWhereBothEndsAreToldSo() {
        int bytes = 20 << 20;
        try (DirectReplyBus from =
                        bus(DirectConfig.of("127.0.0.1", "127.0.0.1", 0).withPiecesUpTo(bytes));
                DirectReplyBus to =
                        bus(DirectConfig.of("127.0.0.1", "127.0.0.1", 0).withPiecesUpTo(bytes))) {
            Inbox inbox = to.openInbox("ingress-1", received::add);

            from.reply(inbox.address(), new byte[bytes]);

            await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);
            assertThat(received.get(0)).hasSize(bytes);
        }
    }

    @Test
    void senderGoesOnWhenAnIngressWasReplaced() throws IOException {
        int port = freePort();
        DirectReplyBus first = bus(port);
        Inbox before = first.openInbox("ingress-1", received::add);
        applier.reply(before.address(), bytes("before"));
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);
        first.close();
        try (DirectReplyBus second = bus(port)) {
            Inbox after = second.openInbox("ingress-1", received::add);

            await().atMost(Duration.ofSeconds(10)).until(() -> {
                applier.reply(after.address(), bytes("after"));
                return received.size() > 1;
            });
        }
    }

    @Test
    void strangerWithoutTheKeyReachesNobody() throws IOException {
        Inbox inbox = ingress.openInbox("ingress-1", received::add);
        DirectAddress address = DirectAddress.of(inbox.address()).orElseThrow();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.port())) {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(16)
                            .putInt(12)
                            .putLong(address.key() + 1)
                            .putInt(7)
                            .array());
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());
            socket.getOutputStream().flush();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }

        applier.reply(inbox.address(), bytes("known"));

        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);
        assertThat(received.get(0)).isEqualTo(bytes("known"));
    }

    @Test
    void errorOfAnInboxDoesNotEndTheBus() {
        Inbox inbox = ingress.openInbox("ingress-1", reply -> {
            received.add(reply);
            if (received.size() == 1) {
                throw new NoClassDefFoundError("for a reply");
            }
        });
        applier.reply(inbox.address(), bytes("first"));
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            applier.reply(inbox.address(), bytes("later"));
            return received.size() > 1;
        });
    }

    @Test
    void announcedFrameTakesNoMemoryBeforeItComes() throws IOException {
        try (ServerSocketChannel listening =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel stranger = SocketChannel.open(listening.getLocalAddress());
                SocketChannel accepted = listening.accept()) {
            Receiver receiver = new Receiver(accepted, 16 << 20, ingress);
            int before = receiver.capacity();
            stranger.write(
                    ByteBuffer.allocate(12).putInt(8 + (16 << 20)).putLong(1).flip());

            receiver.onReadable();

            assertThat(receiver.capacity()).isEqualTo(before);
        }
    }

    @Test
    void addressOfAnotherBusIsPassedOver() {
        applier.reply(new ReplyAddress("3/ingress-0-18c0ffee"), bytes("lost"));
        applier.reply(new ReplyAddress("direct/no-such-host.invalid:1/0000000000000001"), bytes("lost"));

        longPiecesArriveWhole();
    }

    @Test
    void takenPortIsTold() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DirectReplyBus refused = bus(taken.getLocalPort())) {
            assertThatThrownBy(() -> refused.openInbox("ingress-1", received::add))
                    .isInstanceOf(LogUnavailableException.class)
                    .hasMessageContaining("replies.port");
        }
    }

    @Test
    void busWhoseSelectorFailsIsFatal() throws IOException {
        applier.selector().close();

        await().atMost(Duration.ofSeconds(10)).until(() -> !fatal.isEmpty());
        assertThat(fatal).hasSize(1).first().asString().contains("the thread of direct replies ends");
    }

    @Test
    void failureOfOneTaskIsPassedOver() {
        applier.onSelector(() -> {
            throw new IllegalStateException("planted");
        });

        longPiecesArriveWhole();
        assertThat(fatal).isEmpty();
    }

    private DirectReplyBus bus(int port) {
        return bus(DirectConfig.of("127.0.0.1", "127.0.0.1", port));
    }

    private DirectReplyBus bus(DirectConfig config) {
        return new DirectReplyBus(config, (what, cause) -> fatal.add(what), System::nanoTime);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

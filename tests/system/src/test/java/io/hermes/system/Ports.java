package io.hermes.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Where on 127.0.0.1 a demo may listen, and nobody beside it. */
final class Ports {

    /** The tests run in several processes side by side, each with ports of its own. */
    private static final int FORK = Integer.getInteger("hermes.fork", 1);

    private static final int FIRST = 10_000;
    private static final int FORKS = 4;
    private static final int A_FORK = 2_500;
    /** A demo's administrative ports lie up to 1,110 above the one it was given. */
    private static final int CHOICES = 1_300;

    private Ports() {}

    /** A port below those that connections take, at random, and those that follow it. */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return FIRST + (FORK - 1) % FORKS * A_FORK + socket.getLocalPort() % CHOICES;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.hermes.log.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Finds free ports of 127.0.0.1 below the range from which the system takes the ports of outgoing connections: a broker
 * that was killed finds its port still free when it starts again.
 */
public final class LoopbackPorts implements IntSupplier {

    private static final int FIRST = 11_000;
    private static final int COUNT = 20_000;

    private final Random random;
    private final Set<Integer> given = new HashSet<>();

    /**
     * Makes a source of ports, none of which it gives twice.
     *
     * @param random chooses
     */
    public LoopbackPorts(Random random) {
        this.random = random;
    }

    @Override
    public int getAsInt() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = FIRST + random.nextInt(COUNT);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port on 127.0.0.1 among 1000 tried");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

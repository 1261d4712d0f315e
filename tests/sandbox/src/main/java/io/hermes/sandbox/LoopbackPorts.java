package io.hermes.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;

/** Hands out ports of 127.0.0.1 that nobody uses, each once. */
final class LoopbackPorts implements IntSupplier {

    /**
     * Below the range from which Linux takes ports for connections (32768 and up): a process that was killed must find its port
     * free when it is started again.
     */
    private static final int FIRST = 21_000;

    private static final int COUNT = 11_000;

    private final Set<Integer> given = new HashSet<>();
    /** Demos side by side begin at different places. */
    private int next = (int) (ProcessHandle.current().pid() * 101 % COUNT);

    /** Takes a port out of what may be given, and checks that it is free. */
    void reserve(int port, String option) {
        given.add(port);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new SandboxException(
                    1, "port " + port + " is taken: stop what uses it, or choose another with " + option);
        }
    }

    @Override
    public int getAsInt() {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = FIRST + Math.floorMod(next++, COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (given.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                // Taken: the next one may be free.
            }
        }
        throw new SandboxException(1, "no free port on 127.0.0.1 between " + FIRST + " and " + (FIRST + COUNT));
    }
}

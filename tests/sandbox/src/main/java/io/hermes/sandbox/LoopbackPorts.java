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

    private final Set<Integer> given = new HashSet<>();

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
        for (int attempt = 0; attempt < 1000; attempt++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (given.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new SandboxException(1, "no free port on 127.0.0.1: " + e.getMessage());
            }
        }
        throw new SandboxException(1, "no free port on 127.0.0.1");
    }
}

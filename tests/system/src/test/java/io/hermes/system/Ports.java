package io.hermes.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where on 127.0.0.1 a demo may listen, and nobody beside it. All lie below the ports that connections take. */
final class Ports {

    private static final int FIRST = 10_000;
    /** Tests run in so many processes side by side at most, each with ports of its own. */
    private static final int FORKS = 4;

    private static final int A_FORK = 2_500;
    /** So many from the one that is handed out on. */
    private static final int A_BLOCK = 20;
    /** A demo's administrative ports lie so far above the one it was given: of ingresses, and of replicas. */
    private static final List<Integer> ADMINISTRATIVE = List.of(1_000, 1_100);

    private static final int BLOCKS = 1_300 / A_BLOCK;

    private static final int FORK = fork(System.getProperty("hermes.fork", "fork-1"));
    /** Another run of the tests on this machine is likely to begin elsewhere. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() % BLOCKS));

    private Ports() {}

    /** A port that was not handed out lately; nobody uses it or one of those that follow it. */
    static int free() {
        for (int attempt = 0; attempt < BLOCKS; attempt++) {
            int port = FIRST + (FORK - 1) * A_FORK + NEXT.getAndIncrement() % BLOCKS * A_BLOCK;
            if (isFree(port) && ADMINISTRATIVE.stream().allMatch(above -> isFree(port + above))) {
                return port;
            }
        }
        throw new AssertionError("no free ports for fork " + FORK);
    }

    private static boolean isFree(int first) {
        for (int port = first; port < first + 3; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /** Without a number of its own each process would take those of the first. */
    private static int fork(String name) {
        if (!name.matches("fork-[1-" + FORKS + "]")) {
            throw new AssertionError("hermes.fork is not fork-1 to fork-" + FORKS + ", but: " + name);
        }
        return Integer.parseInt(name.substring("fork-".length()));
    }
}

package io.hermes.log.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Hands out ports of 127.0.0.1 that nobody uses, each once, below the range from which Linux takes the ports of outgoing
 * connections (32768 and up): a process that was killed finds its port free when it is started again.
 *
 * <p>They come from blocks, and a block is its owner's while that listens on the first port of it: until {@link #close}, or the end of
 * the process. So sources side by side, in this process or others, never hand out the same port, even while nobody listens on it yet.
 *
 * <p>Threads may share one.
 */
public final class LoopbackPorts implements IntSupplier, AutoCloseable {

    private static final int FIRST = 21_000;
    private static final int BLOCK = 100;
    private static final int BLOCKS = 110;

    /** Who comes back to data soon gets other ports: what is left behind there may still tell of the former ones. */
    private static final AtomicInteger BEGIN =
            new AtomicInteger((int) (ProcessHandle.current().pid() % BLOCKS));

    // All guarded by this.
    private final List<ServerSocket> guards = new ArrayList<>();
    private final Set<Integer> taken = new HashSet<>();
    private int nextBlock;
    private int next;
    private int end;

    /** Begins with another block than the one made before. */
    public LoopbackPorts() {
        this(Math.floorMod(BEGIN.getAndIncrement(), BLOCKS));
    }

    /** Begins with a certain block, if it is free. */
    LoopbackPorts(int block) {
        nextBlock = block;
    }

    /**
     * Takes a port out of what may be handed out, for somebody who uses it already or is going to.
     *
     * @param port any
     * @return whether it is free now
     */
    public synchronized boolean reserve(int port) {
        taken.add(port);
        return isFree(port);
    }

    @Override
    public synchronized int getAsInt() {
        while (true) {
            if (next == end) {
                takeBlock();
            }
            int port = next++;
            if (taken.add(port) && isFree(port)) {
                return port;
            }
        }
    }

    /** What was handed out may be handed out by others now. */
    @Override
    public synchronized void close() {
        for (ServerSocket guard : guards) {
            try {
                guard.close();
            } catch (IOException e) {
                throw new UncheckedIOException("a port cannot be closed", e);
            }
        }
        guards.clear();
        next = end;
    }

    private void takeBlock() {
        for (int attempt = 0; attempt < BLOCKS; attempt++) {
            int first = FIRST + nextBlock * BLOCK;
            nextBlock = (nextBlock + 1) % BLOCKS;
            try {
                guards.add(new ServerSocket(first, 1, InetAddress.getLoopbackAddress()));
                next = first + 1;
                end = first + BLOCK;
                return;
            } catch (IOException e) {
                // Another's: the next one may be free.
            }
        }
        throw new IllegalStateException(
                "no free ports on 127.0.0.1 between " + FIRST + " and " + (FIRST + BLOCKS * BLOCK));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // What the last user's connections left behind does not keep it from being listened on.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

package io.hermes.sandbox;

import io.hermes.log.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything on one machine. Started by one thread, closed by another. */
final class Sandbox implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final int EXIT_USAGE = 2;
    private static final int DEATHS_MAX = 5;

    private final SandboxConfig config;
    private final PrintStream out;
    private final CountDownLatch end;
    // Guarded by itself: filled while starting, emptied while closing.
    private final List<Child> children = Collections.synchronizedList(new ArrayList<>());
    private final LoopbackPorts ports = new LoopbackPorts();
    private @Nullable FileChannel lockFile;

    /**
     * Makes a sandbox; nothing runs yet.
     *
     * @param end when it is down, {@link #start} gives up
     */
    Sandbox(SandboxConfig config, PrintStream out, CountDownLatch end) {
        this.config = config;
        this.out = out;
        this.end = end;
    }

    /**
     * Starts everything; returns when all are ready.
     *
     * @throws CancellationException if it was told to end meanwhile
     */
    void start() throws IOException, InterruptedException {
        Files.createDirectories(config.directory());
        lock();
        Leftovers.awaitEnd(config.directory());
        reservePorts();
        Plans plans = new Plans(config, ports);
        Brokers brokers = plans.brokers();
        tell("starting " + brokers.description() + ", " + count(config.replicas(), "replica") + " and "
                + count(config.ingresses(), "ingress") + " in " + config.directory());
        for (ChildPlan broker : brokers.processes()) {
            start(broker);
        }
        for (int port : brokers.ports()) {
            await("a broker listens on port " + port, () -> listens(port));
        }
        for (int replica = 0; replica < config.replicas(); replica++) {
            start(plans.replica(replica));
        }
        for (int ingress = 0; ingress < config.ingresses(); ingress++) {
            start(plans.ingress(ingress));
        }
        for (int replica = 0; replica < config.replicas(); replica++) {
            int adminPort = config.replicaAdminPort(replica);
            await("replica-" + replica + " serves", () -> isReady(adminPort));
        }
        for (int ingress = 0; ingress < config.ingresses(); ingress++) {
            int adminPort = config.ingressAdminPort(ingress);
            await("ingress-" + ingress + " is ready", () -> isReady(adminPort));
        }
    }

    @Override
    public void close() {
        // Requests first, brokers last: what was let in can still be answered.
        endAll(child -> child.name().startsWith("ingress"));
        endAll(child -> child.name().startsWith("replica"));
        endAll(child -> true);
        ports.close();
        unlock();
        if (config.temporary()) {
            removeTree(config.directory());
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private interface Choice {
        boolean includes(Child child);
    }

    private void start(ChildPlan plan) throws IOException {
        Child child = new Child(plan, this::tell);
        children.add(child);
        child.start();
    }

    private void endAll(Choice choice) {
        List<Child> chosen;
        synchronized (children) {
            chosen = children.stream().filter(choice::includes).toList();
            children.removeAll(chosen);
        }
        List<Thread> threads = new ArrayList<>();
        for (Child child : chosen) {
            Thread thread = new Thread(child::close, "sandbox-close-" + child.name());
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reservePorts() {
        for (int ingress = 0; ingress < config.ingresses(); ingress++) {
            reserve(config.ingressPort(ingress), "--port");
            reserve(config.ingressAdminPort(ingress), "--admin-port");
        }
        for (int replica = 0; replica < config.replicas(); replica++) {
            reserve(config.replicaAdminPort(replica), "--admin-port");
        }
    }

    private void reserve(int port, String option) {
        if (!ports.reserve(port)) {
            throw new SandboxException(
                    1, "port " + port + " is taken: stop what uses it, or choose another with " + option);
        }
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + READY_WITHIN.toNanos();
        while (!condition.holds()) {
            giveUpIfHopeless();
            if (System.nanoTime() - endNanos > 0) {
                throw new SandboxException(
                        1,
                        "waited " + READY_WITHIN.toSeconds() + " s in vain until " + what + ": look into the output.log"
                                + " files in " + config.directory());
            }
            if (end.await(50, TimeUnit.MILLISECONDS)) {
                throw new CancellationException();
            }
        }
    }

    /** A process that refuses its configuration will refuse it again, and so will one that keeps dying. */
    private void giveUpIfHopeless() throws IOException {
        List<Child> now;
        synchronized (children) {
            now = List.copyOf(children);
        }
        for (Child child : now) {
            if (child.lastExit() == EXIT_USAGE || child.deaths() >= DEATHS_MAX) {
                throw new SandboxException(
                        child.lastExit() == EXIT_USAGE ? EXIT_USAGE : 1,
                        child.name() + " does not start: " + lastLine(child.output()));
            }
        }
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        return lines.isEmpty() ? "see " + file : lines.get(lines.size() - 1);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReady(int adminPort) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + adminPort + "/readyz")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(1_000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void lock() throws IOException {
        FileChannel channel = FileChannel.open(
                config.directory().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            tell("locked by this very process");
        }
        if (lock == null) {
            channel.close();
            throw new SandboxException(
                    1, config.directory() + " is in use by another demo: stop it, or choose another --data-dir");
        }
        lockFile = channel;
    }

    private void unlock() {
        FileChannel channel = lockFile;
        lockFile = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void removeTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("could not remove " + root + ": " + e.getMessage());
        }
    }

    static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }

    private void tell(String line) {
        out.println(line);
        out.flush();
    }
}

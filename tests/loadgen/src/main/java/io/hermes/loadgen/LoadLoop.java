package io.hermes.loadgen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * All clients of one run, on the thread that calls {@link #run}: warm-up, measuring, waiting for the last answers.
 *
 * <p>In the open loop a request is due at a time that no earlier answer can put off. If no connection is free it waits, and its
 * latency counts from when it was due; what waits is a number, not a queue. A request that got no answer within the timeout after
 * it was due is an error, sent or not: so a run ends at most that long after its duration.
 */
final class LoadLoop implements ClientConnection.Listener {

    private static final int READ_BYTES = 64 * 1024;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long EXPIRE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** After a connection failed: a server that is down is not asked in a tight loop. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** A run that was stopped waits no longer for answers. */
    private static final long STOPPED_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LoadConfig config;
    private final CpuMeter cpu;
    private final RequestWriter writer;
    private final Recorder recorder;
    private final Hiccups hiccups = new Hiccups();
    private final Selector selector;
    private final Ticker ticker;
    private final List<ClientConnection> connections = new ArrayList<>();
    private final PriorityQueue<ClientConnection> sleepers =
            new PriorityQueue<>(Comparator.comparingLong(ClientConnection::wakeNanos));
    private final Deque<ClientConnection> free = new ArrayDeque<>();

    // Owned by the running thread.
    private int busy;
    private long measureNanos = NEVER;
    private long endNanos = NEVER;
    // What is due is due before the end as planned, even if the loop comes late to it.
    private long dueEndNanos = NEVER;
    private long drainNanos = NEVER;
    private boolean measuring;
    private boolean draining;
    private long dueCount;
    private long expireNanos;
    private Instant begin = Instant.EPOCH;
    private Map<String, Map<String, ProcessSample>> cpuBefore = Map.of();
    private Map<String, Map<String, ProcessSample>> cpuAfter = Map.of();

    // Written by whoever stops the run, read by the running thread.
    private volatile boolean stopped;

    LoadLoop(LoadConfig config, CpuMeter cpu, RunFiles files, Progress progress, SplittableRandom random) {
        this.config = config;
        this.cpu = cpu;
        this.writer = new RequestWriter(config.workload(), config.target(), random);
        Instant now = Instant.now();
        long unixNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        this.recorder = new Recorder(files, progress, unixNanos - System.nanoTime(), hiccups);
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw BenchException.failed("no selector: " + e.getMessage());
        }
        this.ticker = new Ticker(selector, config.isOpenLoop() ? 1e9 / config.ratePerSecond() : 1e9);
    }

    /** Ends the run soon, with what it has. Any thread. */
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    /** Runs to the end. Once. */
    RunResult run() {
        InetSocketAddress address = config.target().socketAddress();
        byte[] in = new byte[READ_BYTES];
        for (int i = 0; i < config.clients(); i++) {
            connections.add(new ClientConnection(address, selector, writer, in, this));
        }
        long start = System.nanoTime();
        recorder.toWarmUp(start);
        measureNanos = start + config.warmUp().toNanos();
        // Without warm-up the first requests belong to what is measured.
        turnPhase(start);
        long first = System.nanoTime();
        for (ClientConnection connection : connections) {
            wakeAt(connection, first);
        }
        hiccups.start();
        try {
            turnUntilOver();
        } catch (IOException e) {
            throw BenchException.failed("the selector failed: " + e.getMessage());
        } finally {
            ticker.close();
            hiccups.close();
            connections.forEach(ClientConnection::close);
            close();
        }
        return result();
    }

    @Override
    public void onAnswer(ClientConnection connection) {
        busy--;
        long now = System.nanoTime();
        int status = connection.status();
        if (status < 400) {
            recorder.onAnswer(connection.startNanos(), now);
            if (connection.isWrite()) {
                writer.onWritten();
            }
        } else {
            recorder.onError(connection.startNanos(), status);
        }
        if (followsTheRate()) {
            free.add(connection);
        } else if (!config.isOpenLoop() && !config.thinkingTime().isZero()) {
            wakeAt(connection, now + config.thinkingTime().toNanos());
        } else {
            beginUnlessOver(connection, now);
        }
    }

    @Override
    public void onFailure(ClientConnection connection, ErrorKind kind) {
        busy--;
        recorder.onError(connection.startNanos(), kind);
        wakeAt(connection, System.nanoTime() + (kind == ErrorKind.TIMEOUT ? 0 : PAUSE_NANOS));
    }

    private void turnUntilOver() throws IOException {
        while (true) {
            long now = System.nanoTime();
            turnPhase(now);
            recorder.onTime(now);
            if (draining && isOver(now)) {
                return;
            }
            if (now >= expireNanos) {
                expire(now);
            }
            wake(now);
            beginDue(now);
            long timeout = timeoutMillis(System.nanoTime());
            if (timeout <= 0) {
                selector.selectNow(LoadLoop::ready);
            } else {
                selector.select(LoadLoop::ready, timeout);
            }
        }
    }

    private void turnPhase(long now) {
        if (stopped && !draining) {
            measureNanos = Math.min(measureNanos, now);
            endNanos = Math.min(endNanos, now);
            drainNanos = now + STOPPED_DRAIN_NANOS;
        }
        if (!measuring && now >= measureNanos) {
            measuring = true;
            cpuBefore = cpu.read();
            begin = Instant.now();
            measureNanos = System.nanoTime();
            endNanos = stopped ? measureNanos : measureNanos + config.duration().toNanos();
            recorder.toMeasuring(measureNanos);
            if (config.isOpenLoop()) {
                ticker.start(measureNanos);
            }
        }
        if (measuring && !draining && now >= endNanos) {
            draining = true;
            dueEndNanos = endNanos;
            endNanos = System.nanoTime();
            recorder.toDraining(endNanos);
            cpuAfter = cpu.read();
        }
    }

    private boolean isOver(long now) {
        boolean allBegun = !config.isOpenLoop() || dueNanos() >= dueEndNanos;
        return (busy == 0 && allBegun) || now >= drainNanos;
    }

    private void expire(long now) {
        expireNanos = now + EXPIRE_EVERY_NANOS;
        long timeout = config.timeout().toNanos();
        for (ClientConnection connection : connections) {
            if (connection.isBusy() && now - connection.startNanos() > timeout) {
                connection.expire();
            }
        }
        while (followsTheRate() && dueNanos() < dueEnd() && now - dueNanos() > timeout) {
            recorder.onError(dueNanos(), ErrorKind.TIMEOUT);
            dueCount++;
        }
    }

    private void wake(long now) {
        ClientConnection first = sleepers.peek();
        while (first != null && first.wakeNanos() <= now) {
            sleepers.remove();
            if (followsTheRate()) {
                free.add(first);
            } else {
                beginUnlessOver(first, now);
            }
            first = sleepers.peek();
        }
    }

    private void beginDue(long now) {
        if (!followsTheRate()) {
            return;
        }
        long due = dueNanos();
        while (due <= now && due < dueEnd() && !free.isEmpty()) {
            dueCount++;
            recorder.onLate(due, now);
            busy++;
            free.remove().begin(due);
            due = dueNanos();
        }
    }

    private void beginUnlessOver(ClientConnection connection, long now) {
        if (!draining) {
            busy++;
            connection.begin(now);
        }
    }

    private void wakeAt(ClientConnection connection, long nanos) {
        connection.sleepUntil(nanos);
        sleepers.add(connection);
    }

    /** The open loop's warm-up is a closed one: what a cold server would owe at a rate is nothing to measure. */
    private boolean followsTheRate() {
        return config.isOpenLoop() && measuring;
    }

    private long dueNanos() {
        return measureNanos + (long) (dueCount * (1e9 / config.ratePerSecond()));
    }

    private long dueEnd() {
        return Math.min(endNanos, dueEndNanos);
    }

    private long timeoutMillis(long now) {
        long next = now + EXPIRE_EVERY_NANOS;
        if (!draining) {
            next = Math.min(next, measuring ? endNanos : measureNanos);
        }
        ClientConnection sleeper = sleepers.peek();
        if (sleeper != null) {
            next = Math.min(next, sleeper.wakeNanos());
        }
        return (next - now + 999_999) / 1_000_000;
    }

    private static void ready(SelectionKey key) {
        if (key.attachment() instanceof ClientConnection connection) {
            connection.onReady();
        }
    }

    private RunResult result() {
        List<String> notes = new ArrayList<>(recorder.finish());
        if (stopped) {
            notes.add("stopped before its time");
        }
        CpuUse used = CpuMeter.between(cpuBefore, cpuAfter);
        notes.addAll(used.notes());
        return new RunResult(
                config,
                begin,
                Duration.ofNanos(Math.max(0, endNanos - measureNanos)),
                recorder.answers(),
                recorder.latencies(),
                recorder.errors(),
                recorder.waited(),
                recorder.slowest(),
                used,
                notes);
    }

    private void close() {
        try {
            selector.close();
        } catch (IOException e) {
            // The run is over, and the process will be soon.
            return;
        }
    }
}

package io.hermes.ingress;

import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One process that faces clients: Jetty in front of an {@link IngressCore}, and the loop that ticks it. */
public final class Ingress implements AutoCloseable {

    private static final int HTTP_THREADS_MAX = 32;
    private static final long TICK_MILLIS = 20;
    /** Beyond the request timeout: for the 504 itself, and for the record that has replicas keep the answer to it. */
    private static final long AFTER_TIMEOUT_NANOS = 1_000_000_000L;

    private final IngressConfig config;
    private final FaultHandler faults;
    private final Clocks clocks;
    private final IngressThreads threads;
    private final IngressCore core;
    private final RequestHandler handler;
    private final IngressServer server;
    private final Thread loop;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ingress-timer-0");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Wires one ingress and opens its inbox; listens to no client yet.
     *
     * @param backend where the log, the replies and the board are; not closed here
     * @param config the bounds
     * @param meters takes the metrics
     * @param faults told when an invariant is broken
     * @param clocks of this process
     * @param seeds random numbers for apps that want the same one in every copy
     */
    public Ingress(
            LogBackend backend,
            IngressConfig config,
            MeterRegistry meters,
            FaultHandler faults,
            Clocks clocks,
            LongSupplier seeds) {
        this.config = config;
        this.faults = faults;
        this.clocks = clocks;
        this.threads = new IngressThreads(HTTP_THREADS_MAX, clocks.nano());
        this.core = new IngressCore(backend, config, meters, clocks.with(this::later), seeds, threads);
        this.handler = new RequestHandler(core, config);
        this.server = new IngressServer(config, threads, handler);
        this.loop = new Thread(this::runLoop, "ingress-loop-0");
    }

    /**
     * Listens to clients and begins to watch the board.
     *
     * @throws IOException if the port is taken
     */
    public void start() throws IOException {
        server.start();
        core.start();
        loop.start();
    }

    /**
     * The port that clients use.
     *
     * @return the real one, also where 0 was asked for
     */
    public int port() {
        return server.port();
    }

    /**
     * How this ingress stands.
     *
     * @return as of now; any thread
     */
    public IngressStatus status() {
        return core.status();
    }

    /**
     * Lets nobody in any more, waits until everyone let in has an answer, which takes no longer than the request timeout, then stops within
     * some seconds. Idempotent.
     */
    @Override
    public void close() {
        if (stop.getCount() == 0) {
            return;
        }
        core.stopAccepting();
        awaitDrained();
        stop.countDown();
        join(loop);
        server.close();
        timer.shutdownNow();
        core.close();
    }

    private void later(long nanos, Runnable task) {
        try {
            var unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // This ingress is being closed; the tick has seen to it, or nobody waits any more.
            task.run();
        }
    }

    private void runLoop() {
        try {
            do {
                core.tick();
                threads.tick();
            } while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            faults.onFatal("ingress " + config.name() + " cannot go on: " + e.getMessage(), e);
        }
    }

    private void awaitDrained() {
        long endNanos = clocks.nano().getAsLong() + config.requestTimeout().toNanos() + AFTER_TIMEOUT_NANOS;
        try {
            while ((core.isAwaited() || handler.isAnswering()) && clocks.nano().getAsLong() - endNanos < 0) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

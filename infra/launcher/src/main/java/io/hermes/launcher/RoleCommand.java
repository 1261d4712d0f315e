package io.hermes.launcher;

import io.hermes.log.FaultHandler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands of all roles have in common: the configuration, the admin port, and an orderly end. */
abstract class RoleCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);

    /** Beyond what a role waits for on purpose. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    @Mixin
    private ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--end-with-stdin", hidden = true, description = "end when standard input does")
    private boolean endWithStdin;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int exitCode;
    // Set by the thread that starts the role, read by the one that ends it.
    private volatile Duration drainMax = Duration.ZERO;

    /** Starts the role; whatever it opens is handed to {@link #closeLater}, in order. */
    abstract void start(Configuration configuration, PrometheusMeterRegistry meters, FaultHandler faults)
            throws IOException;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        Configuration configuration = options.read();
        Runtime.getRuntime().addShutdownHook(new Thread(this::endFromHook, "launcher-shutdown-0"));
        if (endWithStdin) {
            endWithStdin();
        }
        try {
            start(configuration, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), this::onFatal);
            end.await();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        } finally {
            closeAll();
            ended.countDown();
        }
        return exitCode;
    }

    /** Registers something that was opened; closed in the opposite order. */
    final void closeLater(AutoCloseable closeable) {
        opened.push(closeable);
    }

    /** What is being closed may first wait for so long; a second signal changes nothing. */
    final void mayDrainFor(Duration max) {
        drainMax = max;
    }

    private void onFatal(String what, Throwable cause) {
        LOG.error("fatal: {}", what, cause);
        exitCode = 1;
        end.countDown();
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn("close failed: {}", e.getMessage());
            }
        }
    }

    private void endFromHook() {
        end.countDown();
        try {
            if (!ended.await(CLOSE_MAX.plus(drainMax).toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("not everything was closed in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endWithStdin() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Whatever comes is passed over; only the end counts.
                        }
                    } catch (IOException e) {
                        LOG.debug("standard input broke", e);
                    }
                    end.countDown();
                },
                "launcher-stdin-0");
        watch.setDaemon(true);
        watch.start();
    }
}

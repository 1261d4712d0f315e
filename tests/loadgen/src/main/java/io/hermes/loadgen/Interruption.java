package io.hermes.loadgen;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ctrl-C ends the run that is under way, and waits until its results are out. */
final class Interruption implements AutoCloseable {

    private static final long WAIT_SECONDS = 60;

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    // Guarded by this: set by the main thread, read by the one that ends the process.
    private @Nullable LoadLoop running;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onSignal, "loadgen-shutdown-0"));
    }

    boolean isTold() {
        return told.getCount() == 0;
    }

    /** The run that is to be stopped. */
    synchronized void onBegin(LoadLoop loop) {
        running = loop;
        if (isTold()) {
            loop.stop();
        }
    }

    synchronized void onEnd() {
        running = null;
    }

    /** Waits, but not on after Ctrl-C. */
    void sleep(long millis) {
        try {
            told.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything is written: the process may end. */
    @Override
    public void close() {
        done.countDown();
    }

    private void onSignal() {
        told.countDown();
        synchronized (this) {
            if (running != null) {
                running.stop();
            }
        }
        try {
            if (!done.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("hermes: the run does not end, so its results are lost");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

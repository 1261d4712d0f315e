package io.hermes.log.embedded;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What the {@code main} methods of all brokers have in common: when their process ends. */
public final class BrokerLife {

    private static final int EXIT_CODE_OF_SIGTERM = 143;

    private BrokerLife() {}

    /**
     * Ends this process when standard input does: a parent that holds the other end of a pipe takes its children along,
     * however it ends.
     */
    public static void endWithStdin() {
        daemon("broker-parent-0", () -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing is said there; only its end counts.
                }
            } catch (IOException e) {
                // A broken standard input has ended, too.
            }
            System.exit(0);
        });
    }

    /**
     * Cuts an orderly shutdown off that waits for brokers which stop at the same time.
     *
     * @param seconds after which the process ends at once
     */
    public static void boundShutdown(long seconds) {
        Thread hook = new Thread(() -> daemon("broker-shutdown-0", () -> haltAfter(seconds)), "broker-shutdown-hook-0");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static void haltAfter(long seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT_CODE_OF_SIGTERM);
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}

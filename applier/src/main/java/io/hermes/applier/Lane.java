package io.hermes.applier;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One of several connections to the app, with a thread that works on it. The thread begins with the first piece of work and ends with
 * {@link #close}; then the next piece begins another.
 *
 * <p>Owned by the thread that calls these methods. It may use the client itself while the lane has no work: the queues in both
 * directions order what the two threads do.
 */
final class Lane implements AutoCloseable {

    private final String name;
    private final HttpAppClient client;
    // One thread puts work in, the lane's takes it out. As long as what one round gives out.
    private final BlockingQueue<Consumer<App>> work = new LinkedBlockingQueue<>();

    // Written by the owner, read by the lane's thread: it must be able to end a wait for the app.
    private volatile boolean givenUp;

    private @Nullable Thread thread;

    // Owned by the lane's thread.
    private boolean ended;

    Lane(int number, AppConfig config, BooleanSupplier alive, LongSupplier nanoClock) {
        this.name = "applier-lane-" + number;
        this.client = new HttpAppClient(config, alive, () -> givenUp, nanoClock);
    }

    /** To be used while the lane has no work; {@link HttpAppClient#stop} at any time. */
    HttpAppClient client() {
        return client;
    }

    /** Lets the lane do this after what it was given before; it must tell its end itself. */
    void give(Consumer<App> piece) {
        if (thread == null) {
            thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        }
        work.add(piece);
    }

    /** Ends present waits for the app soon, until told otherwise. */
    void giveUp(boolean whether) {
        givenUp = whether;
    }

    /** Ends the thread, drops the connection. To be called while the lane has no work. */
    @Override
    public void close() {
        Thread current = thread;
        thread = null;
        if (current != null) {
            work.add(app -> ended = true);
            Uninterrupted.run(current::join);
        }
        client.close();
    }

    private void run() {
        ended = false;
        while (!ended) {
            Uninterrupted.get(work::take).accept(client);
        }
    }
}

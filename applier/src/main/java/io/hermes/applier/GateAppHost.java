package io.hermes.applier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts a disposable app in a container of its own, which nobody here can start or end: asks the gate there, the script
 * {@code hermes-gate}, over files in a directory that the two containers share.
 *
 * <table>
 * <caption>Files, each of one line and moved into place</caption>
 * <tr><td>{@code wanted}</td><td>ours: {@code INCARNATION}, or {@code none}</td></tr>
 * <tr><td>{@code gate}</td><td>heartbeat: {@code GATE-RUN COUNTER}</td></tr>
 * <tr><td>{@code running}</td><td>{@code INCARNATION GATE-RUN PID} once the app was started</td></tr>
 * <tr><td>{@code ended}</td><td>{@code INCARNATION GATE-RUN CODE} once that one is gone</td></tr>
 * </table>
 *
 * <p>The gate starts an app at most once for each incarnation, so an incarnation that was seen to end, or whose gate fell
 * silent, is never taken up again.
 *
 * <p>Used by the loop's thread; {@link #close} may be called from another one after the loop has ended, {@link #stop} at any
 * time.
 */
public final class GateAppHost implements AppHost {

    private static final Logger LOG = LoggerFactory.getLogger(GateAppHost.class);

    private static final Duration START_MAX = Duration.ofSeconds(10);
    private static final Duration END_MAX = Duration.ofSeconds(8);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final long POLL_MILLIS = 20;
    private static final String NONE = "none";
    private static final Pattern INCARNATION = Pattern.compile("[!-~]{1,200}");

    private final Path directory;
    private final Supplier<String> names;
    private final LongSupplier nanoClock;
    private final CountDownLatch stop = new CountDownLatch(1);

    // All below is owned by the loop's thread.
    private String incarnation = NONE;
    private boolean alive;
    private boolean closed;
    private long lookedNanos;
    private String heartbeat = "";
    private long heartbeatNanos;

    /**
     * Makes a host; nothing is asked for yet.
     *
     * @param directory shared with the gate
     * @param names a fresh name for each incarnation, never used before, by any run of the applier: printable ASCII without
     *     blanks, up to 200 characters
     * @param nanoClock for time-outs
     */
    public GateAppHost(Path directory, Supplier<String> names, LongSupplier nanoClock) {
        this.directory = directory;
        this.names = names;
        this.nanoClock = nanoClock;
    }

    @Override
    public void stop() {
        stop.countDown();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Waits up to 10 seconds for the gate. Each call asks for another incarnation, also after one that failed.
     */
    @Override
    public void begin() throws AppGoneException {
        alive = false;
        String fresh = freshName();
        incarnation = fresh;
        try {
            Files.createDirectories(directory);
            want(fresh);
        } catch (IOException e) {
            throw new AppGoneException("the gate cannot be asked to start the app: " + e);
        }
        awaitRunning(fresh);
        LOG.info("app started with empty state, by its gate incarnation={}", fresh);
        heartbeat = line("gate");
        heartbeatNanos = nanoClock.getAsLong();
        lookedNanos = heartbeatNanos;
        alive = true;
    }

    @Override
    public boolean isAlive() {
        if (alive && nanoClock.getAsLong() - lookedNanos >= LOOK_AGAIN.toNanos()) {
            alive = look();
        }
        return alive;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Waits until the gate says so, or is silent itself.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            want(NONE);
        } catch (IOException e) {
            LOG.warn("the gate cannot be asked to end the app reason={}", e.toString());
            return;
        }
        try {
            long deadlineNanos = nanoClock.getAsLong() + END_MAX.toNanos();
            while (isAlive() && nanoClock.getAsLong() - deadlineNanos < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (alive) {
            LOG.warn("the gate has not ended the app yet incarnation={}", incarnation);
        }
        alive = false;
    }

    private void awaitRunning(String fresh) throws AppGoneException {
        long deadlineNanos = nanoClock.getAsLong() + START_MAX.toNanos();
        while (!names("running", fresh)) {
            if (names("ended", fresh)) {
                throw new AppGoneException("the app ended while the gate started it");
            }
            if (nanoClock.getAsLong() - deadlineNanos >= 0) {
                throw new AppGoneException(
                        "the gate in " + directory + " has not started the app: is the app's container"
                                + " running with hermes-gate as its entrypoint?");
            }
            try {
                if (stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new AppGoneException("stopping");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AppGoneException("interrupted");
            }
        }
    }

    private boolean look() {
        long now = nanoClock.getAsLong();
        lookedNanos = now;
        String beat = line("gate");
        if (!beat.isEmpty() && !beat.equals(heartbeat)) {
            heartbeat = beat;
            heartbeatNanos = now;
        }
        if (names("ended", incarnation)) {
            LOG.info("app ended, as its gate reports incarnation={} ended={}", incarnation, line("ended"));
            return false;
        }
        if (!names("running", incarnation)) {
            LOG.info("the gate no longer names the app as running incarnation={}", incarnation);
            return false;
        }
        if (now - heartbeatNanos >= SILENCE_MAX.toNanos()) {
            LOG.warn("the app's gate is silent incarnation={} directory={}", incarnation, directory);
            return false;
        }
        return true;
    }

    private String freshName() {
        String name = names.get();
        if (!INCARNATION.matcher(name).matches() || name.equals(NONE) || name.equals(incarnation)) {
            throw new IllegalStateException("not a fresh name of an incarnation: " + name);
        }
        return name;
    }

    /** In one step: the gate sees all of it. */
    private void want(String name) throws IOException {
        Path fresh = Files.writeString(directory.resolve(".wanted.new"), name + "\n");
        Files.move(fresh, directory.resolve("wanted"), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean names(String file, String name) {
        return line(file).startsWith(name + " ");
    }

    /** Empty if the file is not there. */
    private String line(String file) {
        try {
            return Files.readString(directory.resolve(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}

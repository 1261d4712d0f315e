package io.hermes.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets a test end this process, or another one, at a certain point of a request: it puts a file {@code app-received} (looked for
 * before a request is executed) or {@code app-executed} (after requests were executed and settled, before their answers leave)
 * into the directory that the environment variable {@code HERMES_FAILPOINTS} names. Only requests that carry a position count.
 *
 * <p>The file says what happens: {@code halt} ends this process; {@code kill PID} ends that one and waits until it is gone;
 * {@code halt-every POSITION} ends this process whenever it is that position's turn. But for the last, a file acts once: it is
 * deleted first. Put it there by a move, so that it is never read half-written.
 */
final class Failpoints {

    /** Never looks for anything. */
    static final Failpoints NONE = new Failpoints(null, status -> {});

    static final String RECEIVED = "app-received";
    static final String EXECUTED = "app-executed";
    private static final String VARIABLE = "HERMES_FAILPOINTS";
    private static final String KILL = "kill ";
    private static final String HALT_EVERY = "halt-every ";
    private static final int KILLED = 137;
    private static final int GONE_SECONDS_MAX = 5;

    private final @Nullable Path directory;
    private final IntConsumer halt;
    // Positions executed since the last settling; as many as a round has requests.
    private long[] executed = new long[0];
    private int count;

    Failpoints(@Nullable Path directory, IntConsumer halt) {
        this.directory = directory;
        this.halt = halt;
    }

    static Failpoints ofEnvironment() {
        String directory = System.getenv(VARIABLE);
        return directory == null || directory.isEmpty()
                ? NONE
                : new Failpoints(Path.of(directory), Runtime.getRuntime()::halt);
    }

    /** A request is about to be executed. */
    void onReceived(HttpRequest request) throws IOException {
        if (directory != null && request.position() != null) {
            look(directory.resolve(RECEIVED), position -> position == positionOf(request));
        }
    }

    /** A request was executed. */
    void onExecuted(HttpRequest request) {
        if (directory != null && request.position() != null) {
            if (count == executed.length) {
                executed = Arrays.copyOf(executed, Math.max(64, count * 2));
            }
            executed[count++] = positionOf(request);
        }
    }

    /** What was executed has been settled, and its answers are about to leave. */
    void onSettled() throws IOException {
        if (directory != null && count > 0) {
            int settled = count;
            count = 0;
            look(directory.resolve(EXECUTED), position -> Arrays.stream(executed, 0, settled)
                    .anyMatch(each -> each == position));
        }
    }

    private void look(Path file, LongPredicate concerned) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String order = Files.readString(file).strip();
        if (order.isEmpty()) {
            // Its writer is between creating and filling it.
            return;
        }
        if (order.startsWith(HALT_EVERY)) {
            if (concerned.test(Long.parseUnsignedLong(order.substring(HALT_EVERY.length())))) {
                tell(file, order);
                halt.accept(KILLED);
            }
        } else if (Files.deleteIfExists(file)) {
            tell(file, order);
            act(order);
        }
    }

    private void act(String order) {
        if (order.equals("halt")) {
            halt.accept(KILLED);
        } else if (order.startsWith(KILL)) {
            kill(Long.parseLong(order.substring(KILL.length())));
        } else {
            throw new IllegalArgumentException("a failpoint says halt, kill PID or halt-every POSITION, not " + order);
        }
    }

    private void kill(long pid) {
        if (pid == ProcessHandle.current().pid()) {
            halt.accept(KILLED);
            return;
        }
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            try {
                process.onExit().get(GONE_SECONDS_MAX, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                System.err.println("failpoint: process " + pid + " is not gone after " + GONE_SECONDS_MAX + " s");
            } catch (ExecutionException e) {
                throw new IllegalStateException("process " + pid, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void tell(Path file, String order) {
        System.err.println("failpoint " + file.getFileName() + ": " + order);
    }

    /** 0, which no request has, if it cannot be understood. */
    private static long positionOf(HttpRequest request) {
        String position = request.position();
        try {
            return position == null ? 0 : Long.parseUnsignedLong(position);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

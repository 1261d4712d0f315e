package io.hermes.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one process running: started anew when it dies, at once the first time, later after a pause that doubles up to some
 * seconds while it keeps dying young. Its standard input is a pipe of ours, by whose end it notices that we are gone.
 */
final class Child implements AutoCloseable {

    private static final String FAILPOINTS = "HERMES_FAILPOINTS";
    private static final long YOUNG_NANOS = 10_000_000_000L;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long PAUSE_MAX_MILLIS = 5_000;
    private static final long TERM_WAIT_SECONDS = 12;

    private final ChildPlan plan;
    private final Consumer<String> tell;
    private final Thread thread;

    // Guarded by this: the supervising thread starts processes, the closing one ends them.
    private @Nullable Process process;
    private boolean closed;
    private int lastExit = -1;
    private int deaths;

    Child(ChildPlan plan, Consumer<String> tell) {
        this.plan = plan;
        this.tell = tell;
        this.thread = new Thread(this::supervise, "sandbox-child-" + plan.name());
        thread.setDaemon(true);
    }

    String name() {
        return plan.name();
    }

    Path output() {
        return plan.directory().resolve("output.log");
    }

    /** How often the process has died. */
    synchronized int deaths() {
        return deaths;
    }

    /** The last exit code; -1 while it has never died. */
    synchronized int lastExit() {
        return lastExit;
    }

    void start() throws IOException {
        launch();
        thread.start();
    }

    /** Ends the process politely, then not, within 15 seconds. Idempotent. */
    @Override
    public void close() {
        Process current;
        synchronized (this) {
            closed = true;
            current = process;
        }
        thread.interrupt();
        if (current == null) {
            return;
        }
        current.destroy();
        try {
            if (!current.waitFor(TERM_WAIT_SECONDS, TimeUnit.SECONDS)) {
                current.destroyForcibly().waitFor(3, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            current.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Process launch() throws IOException {
        if (closed) {
            return null;
        }
        Files.createDirectories(plan.directory());
        // A session of its own: Ctrl-C is ours, and the order in which things end with it.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(plan.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        // A test has one folder of failpoints for all; each process has its own in it.
        builder.environment().computeIfPresent(FAILPOINTS, (name, folder) -> Path.of(folder, plan.name())
                .toString());
        Process started = builder.start();
        writePid(started.pid());
        process = started;
        return started;
    }

    /** In one step: whoever reads the file sees a whole number. */
    private void writePid(long pid) throws IOException {
        Path fresh = Files.writeString(plan.directory().resolve("pid.new"), pid + "\n");
        Files.move(fresh, plan.directory().resolve("pid"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void supervise() {
        long pauseMillis = 0;
        try {
            while (true) {
                Process current = current();
                long startedNanos = System.nanoTime();
                int exit = current.waitFor();
                if (!noteDeath(exit)) {
                    return;
                }
                tell.accept(plan.name() + " ended with code " + exit + ", starting it again (" + output() + ")");
                boolean young = System.nanoTime() - startedNanos < YOUNG_NANOS;
                pauseMillis = young ? Math.min(Math.max(FIRST_PAUSE_MILLIS, pauseMillis * 2), PAUSE_MAX_MILLIS) : 0;
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
                if (launch() == null) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            tell.accept(plan.name() + " cannot be started: " + e.getMessage());
        }
    }

    private synchronized Process current() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("not started");
        }
        return current;
    }

    private synchronized boolean noteDeath(int exit) {
        lastExit = exit;
        deaths++;
        return !closed;
    }
}

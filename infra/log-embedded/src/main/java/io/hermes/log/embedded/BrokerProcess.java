package io.hermes.log.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One broker's process: at most one at a time. Not safe for use by several threads. */
public final class BrokerProcess {

    private final BrokerPlan plan;
    private @Nullable Process process;

    /**
     * Makes a broker that does not run.
     *
     * @param plan what to start
     */
    public BrokerProcess(BrokerPlan plan) {
        this.plan = plan;
    }

    /** Starts the process; its output is appended to {@code output.log} in its directory. */
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException("broker " + plan.id() + " runs already");
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try {
            Files.createDirectories(plan.directory());
            // Standard input stays a pipe: its end tells the child that this process is gone.
            process = new ProcessBuilder(plan.command(java, System.getProperty("java.class.path")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("broker " + plan.id() + " cannot start", e);
        }
    }

    /**
     * Whether the process runs.
     *
     * @return false before the start and after the end
     */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /**
     * The running process's id.
     *
     * @return the system's number
     */
    public long pid() {
        return alive().pid();
    }

    /** SIGTERM; SIGKILL if that takes too long. */
    public void stop() {
        end(false);
    }

    /** SIGKILL. */
    public void kill() {
        end(true);
    }

    /**
     * Sends a signal.
     *
     * @param name without {@code SIG}
     */
    public void signal(String name) {
        List<String> command = List.of("kill", "-" + name, Long.toString(pid()));
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IllegalStateException(command + " ended with code " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(command + " cannot run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * The end of what the process said, for error messages.
     *
     * @return at most 2000 characters
     */
    public String lastOutput() {
        try {
            String all = Files.readString(output().toPath());
            return all.substring(Math.max(0, all.length() - 2_000));
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }

    private File output() {
        return plan.directory().resolve("output.log").toFile();
    }

    private Process alive() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("broker " + plan.id() + " does not run");
        }
        return running;
    }

    private void end(boolean forcibly) {
        Process running = process;
        if (running == null) {
            return;
        }
        if (forcibly) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        try {
            if (!running.waitFor(8, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor(8, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process = null;
    }
}

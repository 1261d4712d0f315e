package io.hermes.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a test wants this process, or another one, to end: the environment variable {@code HERMES_FAILPOINTS} names a folder, a
 * file in it named like the point holds what to do there: {@code halt}, or {@code kill PID}. It is removed first. Without the
 * variable nothing is looked up.
 */
final class Failpoints {

    private static final int EXIT_CODE_OF_SIGKILL = 137;
    private static final long WAIT_SECONDS = 5;

    private final @Nullable Path folder;

    Failpoints(@Nullable Path folder) {
        this.folder = folder;
    }

    static Failpoints ofEnvironment() {
        String folder = System.getenv("HERMES_FAILPOINTS");
        return new Failpoints(folder == null || folder.isEmpty() ? null : Path.of(folder));
    }

    void at(String point) throws IOException {
        if (folder == null) {
            return;
        }
        Path file = folder.resolve(point);
        if (!Files.exists(file)) {
            return;
        }
        String action = Files.readString(file).strip();
        Files.delete(file);
        if (action.startsWith("kill ")) {
            kill(Long.parseLong(action.substring("kill ".length())));
        } else {
            Runtime.getRuntime().halt(EXIT_CODE_OF_SIGKILL);
        }
    }

    private static void kill(long pid) throws IOException {
        ProcessHandle victim = ProcessHandle.of(pid).orElseThrow(() -> new IOException("no process " + pid));
        victim.destroyForcibly();
        try {
            victim.onExit().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("process " + pid + " does not end", e);
        }
    }
}

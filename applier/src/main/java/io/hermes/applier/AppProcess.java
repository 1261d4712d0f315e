package io.hermes.applier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that outlives nothing: it leads a session of its own, so that it can be ended together with whatever it started,
 * and a note on disk tells the next run of the applier which one it was (pid and start time, since pids come back).
 */
final class AppProcess {

    private static final Logger LOG = LoggerFactory.getLogger(AppProcess.class);

    private static final long TERM_WAIT_MILLIS = 2_000;
    private static final long KILL_WAIT_MILLIS = 5_000;

    private final Process process;

    private AppProcess(Process process) {
        this.process = process;
    }

    static AppProcess start(List<String> command, Path directory, Path output, Path pidFile, Path noteFile)
            throws IOException {
        // setsid(1) becomes the command itself, under the same pid, as leader of a new session and process group.
        List<String> inSession = new ArrayList<>(command.size() + 1);
        inSession.add("setsid");
        inSession.addAll(command);
        Process process = new ProcessBuilder(inSession)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        AppProcess started = new AppProcess(process);
        try {
            write(noteFile, process.pid() + " " + startMillis(process.toHandle()) + "\n");
            write(pidFile, process.pid() + "\n");
        } catch (IOException e) {
            // Nobody would know of it any more.
            started.end();
            throw e;
        }
        return started;
    }

    /** In one step: whoever reads the file sees all of it. */
    private static void write(Path file, String text) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process and everything in its session: politely, then not. */
    void end() {
        if (process.isAlive()) {
            signalGroup("TERM", process.pid());
            awaitEnd(process.toHandle(), TERM_WAIT_MILLIS);
        }
        signalGroup("KILL", process.pid());
        awaitEnd(process.toHandle(), KILL_WAIT_MILLIS);
    }

    /** Ends what an earlier run of this applier started and could not end any more. */
    static void endOrphan(Path noteFile) throws IOException {
        if (!Files.exists(noteFile)) {
            return;
        }
        String[] note =
                Files.readString(noteFile, StandardCharsets.UTF_8).strip().split(" ", -1);
        if (note.length == 2 && note[0].matches("[0-9]{1,10}") && note[1].matches("[0-9]{1,15}")) {
            long pid = Long.parseLong(note[0]);
            Optional<ProcessHandle> leader = ProcessHandle.of(pid);
            // A pid is not given to another process while a group of that number exists: no leader, no stranger.
            if (leader.isEmpty() || startMillis(leader.get()) == Long.parseLong(note[1])) {
                leader.ifPresent(process -> LOG.info("ending an orphaned app pid={}", process.pid()));
                signalGroup("KILL", pid);
                leader.ifPresent(process -> awaitEnd(process, KILL_WAIT_MILLIS));
            }
        }
        Files.delete(noteFile);
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static void signalGroup(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, "--", "-" + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(KILL_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            LOG.warn("cannot signal the app's processes pid={} reason={}", pid, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEnd(ProcessHandle process, long millis) {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("process does not end pid={}", process.pid());
        }
    }
}

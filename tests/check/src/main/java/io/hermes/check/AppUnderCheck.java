package io.hermes.check;

import io.hermes.applier.App;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.applier.AppConfig;
import io.hermes.applier.AppGoneException;
import io.hermes.applier.AppInDoubtException;
import io.hermes.applier.AppKind;
import io.hermes.applier.HttpAppClient;
import io.hermes.applier.ProcessAppHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One copy of the app, started, spoken to and ended by the very parts that an applier uses for a disposable app. Owned by one thread; only
 * {@link #stop} may be called from elsewhere.
 */
final class AppUnderCheck implements AutoCloseable {

    private static final int ANSWER_BYTES_MAX = 16 << 20;
    private static final Duration BACKOFF_MAX = Duration.ofMillis(50);
    private static final int OUTPUT_LINES = 5;
    private static final int OUTPUT_CHARACTERS_MAX = 2_000;
    private static final long END_WAIT_MILLIS = 500;

    /** The app cannot be given what was to be given; the message says what was seen. */
    static final class FailedException extends Exception {

        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    private final CheckConfig check;
    private final AppConfig config;
    private final Path directory;
    private final ProcessAppHost host;
    private final Set<Long> pids = new HashSet<>();
    private long startDeadlineNanos;
    // Volatile: replaced by the owner, stopped by the thread that ends the process.
    private volatile HttpAppClient client;
    private volatile boolean stopped;

    /**
     * Makes a copy that does not run yet.
     *
     * @param check what to run
     * @param directory for the app's own and for what is noted about it
     * @param port that it is to listen on
     * @param replica replaces {@code {replica}}
     */
    AppUnderCheck(CheckConfig check, Path directory, int port, String replica) throws IOException {
        this.check = check;
        this.directory = directory.resolve("app");
        Files.createDirectories(directory);
        List<String> command = check.command().stream()
                .map(word -> word.replace("{port}", Integer.toString(port)).replace("{replica}", replica))
                .map(AppUnderCheck::absoluteIfFile)
                .toList();
        this.config = new AppConfig(
                AppKind.DISPOSABLE,
                "127.0.0.1",
                port,
                command,
                this.directory,
                directory.resolve("app.note"),
                null,
                null,
                "/",
                check.concurrency(),
                check.timeout(),
                ANSWER_BYTES_MAX,
                BACKOFF_MAX);
        this.host = new ProcessAppHost(config);
        this.client = newClient();
        host.claim();
    }

    /** Where it works. */
    Path directory() {
        return directory;
    }

    /** Of all its processes that were seen. */
    Set<Long> pids() {
        return Set.copyOf(pids);
    }

    /**
     * Starts the app with an empty directory and waits until it accepts connections.
     *
     * @throws FailedException if it does not, in time
     */
    void begin() throws FailedException {
        client.close();
        client = newClient();
        startDeadlineNanos = System.nanoTime() + check.startTimeout().toNanos();
        try {
            host.begin();
            client.awaitListening();
        } catch (AppGoneException e) {
            throw new FailedException(
                    host.isAlive()
                            ? "it does not accept connections at 127.0.0.1:" + config.port() + " within "
                                    + seconds(check.startTimeout()) + " (--start-timeout)" + output()
                            : "it ended before it accepted a connection at 127.0.0.1:" + config.port() + output());
        }
        notePids();
    }

    /**
     * Gives requests to the app.
     *
     * @param calls in their order
     * @param answers told of each answer, in the same order
     * @throws FailedException if one is not answered
     */
    void apply(List<AppCall> calls, List<Answered> answers) throws FailedException {
        try {
            client.apply(calls, new App.Answers() {
                @Override
                public void onAnswer(AppCall call, AppAnswer answer) {
                    answers.add(new Answered(answer.answer(), System.currentTimeMillis()));
                    startDeadlineNanos =
                            System.nanoTime() + check.startTimeout().toNanos();
                }

                @Override
                public void onPause() {
                    // Nothing else is to do meanwhile.
                }
            });
        } catch (AppInDoubtException e) {
            throw new FailedException(doubt(e));
        } catch (AppGoneException e) {
            throw new FailedException((host.isAlive() ? "it accepts no connections any more" : "it ended") + output());
        }
        notePids();
    }

    /** Gives the connection up: an app that serves one at a time may serve another one now. */
    void disconnect() {
        client.close();
    }

    /** Ends the app and its children at once, as a crash would. */
    void kill() throws FailedException {
        try {
            String pid = Files.readString(directory.resolve("pid")).strip();
            new ProcessBuilder("kill", "-KILL", "--", "-" + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
            awaitEnd(5_000);
        } catch (IOException e) {
            throw new FailedException("it cannot be killed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Any thread: ends what the owner waits for, soon. */
    void stop() {
        stopped = true;
        client.stop();
    }

    /** Ends the app and its children, politely first. Idempotent. */
    @Override
    public void close() {
        client.close();
        host.close();
    }

    private HttpAppClient newClient() {
        return new HttpAppClient(config, this::isWorthWaiting, System::nanoTime);
    }

    /** An applier waits for ever; here somebody waits for a verdict. */
    private boolean isWorthWaiting() {
        return !stopped && host.isAlive() && System.nanoTime() - startDeadlineNanos < 0;
    }

    private String doubt(AppInDoubtException failure) {
        if (failure.mayStillRun()) {
            return "it did not answer within " + seconds(check.timeout()) + " (--timeout)" + output();
        }
        if (!awaitEnd(END_WAIT_MILLIS)) {
            return "it ended without an answer" + output();
        }
        String message = String.valueOf(failure.getMessage());
        int place = message.indexOf(", position ");
        return place < 0 ? message : message.substring(0, place);
    }

    /** Whether it still runs after that. */
    private boolean awaitEnd(long millis) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (host.isAlive() && System.nanoTime() - deadlineNanos < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return host.isAlive();
    }

    private void notePids() {
        try {
            long leader =
                    Long.parseLong(Files.readString(directory.resolve("pid")).strip());
            pids.add(leader);
            ProcessHandle.of(leader)
                    .ifPresent(process -> process.descendants().forEach(child -> pids.add(child.pid())));
        } catch (IOException | NumberFormatException e) {
            throw new IllegalStateException("cannot read the app's pid", e);
        }
    }

    /** What it said last. */
    private String output() {
        Path file = directory.resolve("output.log");
        try {
            List<String> lines = new ArrayList<>();
            for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    lines.add(line.strip());
                }
            }
            String last = String.join("\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size()));
            return last.isEmpty()
                    ? "; it printed nothing"
                    : "; it printed last:\n" + last.substring(Math.max(0, last.length() - OUTPUT_CHARACTERS_MAX));
        } catch (IOException e) {
            return "; its output cannot be read: " + e.getMessage();
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** The app runs in a directory of its own, so a file that the user named from here must be found from there. */
    private static String absoluteIfFile(String word) {
        boolean pathLike = !word.isEmpty() && !word.startsWith("-") && word.length() < 4096 && word.indexOf('\0') < 0;
        return pathLike && Files.isRegularFile(Path.of(word))
                ? Path.of(word).toAbsolutePath().toString()
                : word;
    }
}

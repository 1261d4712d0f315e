package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host together with the real gate, under the shell that {@link #shell} names. */
class GateAppHostTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Notes each start outside of the app's directory, then runs on. */
    private static final String NOTE_START = "echo $$ >> ../starts; ";

    private static final String APP = NOTE_START + "echo x > state; exec sleep 600";

    @TempDir
    Path temp = Path.of("");

    private final AtomicLong skippedNanos = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    List<String> shell() {
        return List.of("/bin/sh");
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void nothingIsStartedBeforeItIsAskedFor() throws Exception {
        startGate(APP);

        awaitBeats(3);

        assertThat(starts()).isEmpty();
    }

    @Test
    void appIsStartedOnceForAnIncarnation() throws Exception {
        startGate(APP);
        GateAppHost host = host();

        host.begin();
        awaitStarts(1);
        awaitBeats(3);

        assertThat(host.isAlive()).isTrue();
        assertThat(starts()).hasSize(1);
    }

    @Test
    void nextIncarnationBeginsOnlyAfterTheEndOfTheLast() throws Exception {
        startGate(APP);
        GateAppHost host = host();
        host.begin();
        awaitStarts(1);

        host.begin();

        assertThat(Gate.isRunning(starts().get(0))).isFalse();
        assertThat(host.isAlive()).isTrue();
        awaitStarts(2);
    }

    @Test
    void eachIncarnationBeginsWithAnEmptyDirectory() throws Exception {
        startGate(NOTE_START + "ls -A > ../found; mkdir .hidden sub; echo x > sub/state; exec sleep 600");
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "data");
        GateAppHost host = host();
        host.begin();
        awaitStarts(1);
        await().atMost(PATIENCE).until(() -> Files.exists(app().resolve("sub/state")));
        Files.createSymbolicLink(app().resolve("link"), outside);

        host.begin();

        awaitStarts(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(temp.resolve("found")).hasContent(AppDirectory.MARK));
        assertThat(Files.exists(app().resolve("link"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(outside.resolve("precious")).hasContent("data");
    }

    @Test
    void deathOfTheAppIsNoticed() throws Exception {
        startGate(APP);
        GateAppHost host = host();
        host.begin();

        Gate.signal("KILL", runningPid());

        await().atMost(PATIENCE).until(() -> !host.isAlive());
        assertThat(line("ended")).startsWith("i-1 ").endsWith(" 137");
    }

    @Test
    void commandThatDoesNotExistIsReportedAsEnded() throws Exception {
        keep(Gate.start(shell(), output(), arguments("/no/such/program")));
        GateAppHost host = host();

        host.begin();

        await().atMost(PATIENCE).until(() -> !host.isAlive());
        assertThat(line("ended")).endsWith(" 127");
    }

    @Test
    void whateverTheAppStartedEndsWithIt() throws Exception {
        startGate("sleep 600 & echo $! > child.new; mv child.new child; exec sleep 601");
        GateAppHost host = host();
        host.begin();
        await().atMost(PATIENCE).until(() -> Files.exists(app().resolve("child")));
        long child = Long.parseLong(Files.readString(app().resolve("child")).strip());

        Gate.signal("KILL", runningPid());

        await().atMost(PATIENCE).until(() -> !host.isAlive());
        assertThat(Gate.isRunning(child)).isFalse();
    }

    @Test
    void appThatIgnoresTermIsKilled() throws Exception {
        startGate("trap '' TERM; " + NOTE_START + "while :; do sleep 1; done");
        GateAppHost host = host();
        host.begin();
        awaitStarts(1);

        host.begin();

        assertThat(Gate.isRunning(starts().get(0))).isFalse();
        assertThat(line("ended")).startsWith("i-1 ").endsWith(" 137");
    }

    @Test
    void orphanOfAKilledGateIsEndedByTheNext() throws Exception {
        Gate crashed = startGate(APP);
        GateAppHost host = host();
        host.begin();
        awaitStarts(1);
        crashed.crash();

        startGate(APP);

        await().atMost(PATIENCE).until(() -> !host.isAlive());
        await().atMost(PATIENCE).until(() -> line("ended").startsWith("i-1 "));
        assertThat(Gate.isRunning(starts().get(0))).isFalse();
    }

    @Test
    void gateThatIsStartedAnewNeverStartsTheSameIncarnationAgain() throws Exception {
        Gate crashed = startGate(APP);
        host().begin();
        awaitStarts(1);
        crashed.crash();

        startGate(APP);
        await().atMost(PATIENCE).until(() -> line("ended").startsWith("i-1 "));
        awaitBeats(3);

        assertThat(line("wanted")).isEqualTo("i-1");
        assertThat(starts()).hasSize(1);
    }

    @Test
    void incarnationThatAnEarlierRunMayHaveStartedIsOver() throws Exception {
        Files.createDirectories(shared());
        Files.writeString(shared().resolve("begun"), "i-1 1-2-three\n");
        Files.writeString(shared().resolve("wanted"), "i-1\n");

        startGate(APP);
        awaitBeats(3);

        assertThat(line("ended")).startsWith("i-1 ");
        assertThat(starts()).isEmpty();
    }

    @Test
    void gateThatIsStartedAnewServesTheNextIncarnation() throws Exception {
        Gate crashed = startGate(APP);
        GateAppHost host = host();
        host.begin();
        awaitStarts(1);
        crashed.crash();
        startGate(APP);

        host.begin();

        assertThat(host.isAlive()).isTrue();
        awaitStarts(2);
    }

    @Test
    void processThatOnlyHasTheOrphansNumberIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", "600").start();
        try {
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            Files.createDirectories(shared());
            Files.writeString(shared().resolve("app"), stranger.pid() + " 12345 " + boot);

            startGate(APP);
            awaitBeats(1);

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void directoryWithSomebodysFilesIsRefused() throws Exception {
        Files.createDirectories(app());
        Files.writeString(app().resolve(".precious"), "data");

        Gate gate = startGate(APP);

        assertThat(gate.awaitExitCode()).isEqualTo(1);
        assertThat(gate.output()).contains("holds files that Hermes did not make");
        assertThat(app().resolve(".precious")).hasContent("data");
    }

    @Test
    void directoryThatHoldsTheSharedOneIsRefused() throws Exception {
        Gate gate = keep(Gate.start(
                shell(),
                output(),
                "--directory",
                temp.resolve("shared").toString(),
                "--app-directory=" + temp,
                "--",
                "true"));

        assertThat(gate.awaitExitCode()).isEqualTo(2);
    }

    @Test
    void gateWithoutACommandIsRefused() throws Exception {
        Gate gate = keep(Gate.start(
                shell(), output(), "--directory", temp.resolve("shared").toString()));

        assertThat(gate.awaitExitCode()).isEqualTo(2);
        assertThat(gate.output()).contains("the command is missing");
    }

    @Test
    void secondGateInOneDirectoryIsRefused() throws Exception {
        startGate(APP);
        GateAppHost host = host();
        host.begin();

        Gate second = startGate(APP);

        assertThat(second.awaitExitCode()).isEqualTo(1);
        assertThat(second.output()).contains("another gate");
        assertThat(host.isAlive()).isTrue();
    }

    @Test
    void closeEndsTheApp() throws Exception {
        startGate(APP);
        GateAppHost host = host();
        host.begin();
        long pid = runningPid();

        host.close();

        assertThat(Gate.isRunning(pid)).isFalse();
        assertThat(host.isAlive()).isFalse();
    }

    @Test
    void endOfTheGateIsTheEndOfTheApp() throws Exception {
        Gate gate = startGate(APP);
        GateAppHost host = host();
        host.begin();
        long pid = runningPid();

        gate.terminate();

        assertThat(gate.awaitExitCode()).isZero();
        assertThat(Gate.isRunning(pid)).isFalse();
        assertThat(line("ended")).startsWith("i-1 ");
        assertThat(shared().resolve("gate")).doesNotExist();
        await().atMost(PATIENCE).until(() -> !host.isAlive());
    }

    @Test
    void silentGateCountsAsTheEndOfTheApp() throws Exception {
        Gate gate = startGate(APP);
        GateAppHost host = host();
        host.begin();
        Gate.signal("STOP", gate.pid());
        try {
            await().atMost(PATIENCE).until(() -> {
                skippedNanos.addAndGet(Duration.ofMillis(200).toNanos());
                return !host.isAlive();
            });
        } finally {
            Gate.signal("CONT", gate.pid());
        }

        awaitBeats(2);
        skippedNanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(host.isAlive()).isFalse();
    }

    @Test
    void beginWithoutAGateSaysWhatIsMissing() {
        AtomicLong clock = new AtomicLong();
        GateAppHost host = keep(new GateAppHost(
                shared(),
                this::nextName,
                () -> clock.addAndGet(Duration.ofSeconds(1).toNanos())));

        assertThatThrownBy(host::begin)
                .isInstanceOf(AppGoneException.class)
                .hasMessageContaining(shared().toString())
                .hasMessageContaining("hermes-gate as its entrypoint");
        assertThat(host.isAlive()).isFalse();
    }

    @Test
    void stopEndsAWaitForTheGate() {
        GateAppHost host = host();
        CompletableFuture<Void> begun = CompletableFuture.runAsync(() -> {
            try {
                host.begin();
            } catch (AppGoneException e) {
                throw new CompletionException(e);
            }
        });
        await().atMost(PATIENCE).until(() -> line("wanted").equals("i-1"));

        host.stop();

        await().atMost(Duration.ofSeconds(5)).until(begun::isDone);
        assertThatThrownBy(begun::join).hasCauseInstanceOf(AppGoneException.class);
    }

    private Gate startGate(String shellCommand) throws IOException {
        return keep(Gate.start(shell(), output(), arguments("sh", "-c", shellCommand)));
    }

    private String[] arguments(String... command) {
        String[] arguments = new String[5 + command.length];
        arguments[0] = "--directory";
        arguments[1] = shared().toString();
        arguments[2] = "--app-directory";
        arguments[3] = app().toString();
        arguments[4] = "--";
        System.arraycopy(command, 0, arguments, 5, command.length);
        return arguments;
    }

    private GateAppHost host() {
        return keep(new GateAppHost(shared(), this::nextName, () -> System.nanoTime() + skippedNanos.get()));
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    private String nextName() {
        return "i-" + names.incrementAndGet();
    }

    private Path shared() {
        return temp.resolve("shared");
    }

    private Path app() {
        return temp.resolve("app");
    }

    private Path output() {
        return temp.resolve("output");
    }

    private String line(String file) throws IOException {
        Path path = shared().resolve(file);
        return Files.exists(path) ? Files.readString(path).strip() : "";
    }

    private long runningPid() throws IOException {
        return Long.parseLong(line("running").split(" ", -1)[2]);
    }

    private List<Long> starts() throws IOException {
        Path file = temp.resolve("starts");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Long::parseLong).toList()
                : List.of();
    }

    private void awaitStarts(int count) {
        await().atMost(PATIENCE).until(() -> starts().size() == count);
    }

    /** As a measure of time: so often has the gate looked, and had the chance to do something wrong. */
    private void awaitBeats(int count) throws IOException {
        AtomicLong seen = new AtomicLong();
        StringBuilder last = new StringBuilder(line("gate"));
        await().atMost(PATIENCE).until(() -> {
            String now = line("gate");
            if (!now.isEmpty() && !now.contentEquals(last)) {
                last.replace(0, last.length(), now);
                seen.incrementAndGet();
            }
            return seen.get() >= count;
        });
    }
}

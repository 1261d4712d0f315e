package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessAppHostTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void eachIncarnationBeginsWithEmptyState() throws Exception {
        try (ProcessAppHost host = host("touch state; exec sleep 60")) {
            host.claim();
            host.begin();
            awaitFile(app().resolve("state"));
            Files.writeString(app().resolve("left-over"), "x");

            host.begin();

            assertThat(app().resolve("left-over")).doesNotExist();
            assertThat(host.isAlive()).isTrue();
        }
    }

    @Test
    void whateverTheAppStartedEndsWithIt() throws Exception {
        long childPid;
        try (ProcessAppHost host = host("sleep 60 & echo $! > child; wait")) {
            host.claim();
            host.begin();
            awaitFile(app().resolve("child"));
            childPid = Long.parseLong(Files.readString(app().resolve("child")).strip());
        }

        await().atMost(Duration.ofSeconds(5)).until(() -> ProcessHandle.of(childPid)
                .filter(ProcessHandle::isAlive)
                .isEmpty());
    }

    @Test
    void orphanOfAnEarlierRunIsEnded() throws Exception {
        ProcessAppHost crashed = host("exec sleep 60");
        crashed.claim();
        crashed.begin();
        long orphan = Long.parseLong(Files.readString(app().resolve("pid")).strip());

        host("true").claim();

        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void processThatOnlyHasTheOrphansNumberIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", "60").start();
        try {
            Files.writeString(temp.resolve("note"), stranger.pid() + " 12345\n");

            host("true").claim();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void directoryWithSomebodysFilesIsRefused() throws Exception {
        Files.createDirectories(app());
        Files.writeString(app().resolve("precious"), "data");

        assertThatThrownBy(() -> host("true").claim()).hasMessageContaining("app.directory");
        assertThat(app().resolve("precious")).hasContent("data");
    }

    @Test
    void linksAreRemovedNotFollowed() throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "data");
        try (ProcessAppHost host = host("exec sleep 60")) {
            host.claim();
            Files.createSymbolicLink(app().resolve("link"), outside);

            host.begin();

            assertThat(outside.resolve("precious")).hasContent("data");
            assertThat(Files.exists(app().resolve("link"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
        }
    }

    @Test
    void endOfTheAppIsNoticed() throws Exception {
        try (ProcessAppHost host = host("exit 3")) {
            host.claim();

            host.begin();

            await().atMost(Duration.ofSeconds(5)).until(() -> !host.isAlive());
        }
    }

    @Test
    void commandThatDoesNotExistEndsAtOnce() throws Exception {
        try (ProcessAppHost host = new ProcessAppHost(config(List.of("/no/such/program")))) {
            host.claim();

            host.begin();

            await().atMost(Duration.ofSeconds(5)).until(() -> !host.isAlive());
            assertThat(Files.readString(app().resolve("output.log"))).contains("/no/such/program");
        }
    }

    @Test
    void appIsEndedOfWhichNoNoteCanBeMade() throws Exception {
        try (ProcessAppHost host = host("sleep 60; : " + temp)) {
            host.claim();
            Files.createDirectories(temp.resolve("note").resolve("in the way"));

            assertThatThrownBy(host::begin).isInstanceOf(AppGoneException.class);

            assertThat(ProcessHandle.current().children())
                    .noneMatch(child -> child.info().commandLine().orElse("").contains(temp.toString()));
        }
    }

    private Path app() {
        return temp.resolve("app");
    }

    private ProcessAppHost host(String shellCommand) {
        return new ProcessAppHost(config(List.of("sh", "-c", shellCommand)));
    }

    private AppConfig config(List<String> command) {
        return new AppConfig(
                AppKind.DISPOSABLE,
                "127.0.0.1",
                9,
                command,
                app(),
                temp.resolve("note"),
                null,
                null,
                "/position",
                1,
                Duration.ofSeconds(1),
                1_000,
                Duration.ofMillis(100));
    }

    private static void awaitFile(Path file) {
        await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(file) && Files.size(file) >= 0);
    }
}

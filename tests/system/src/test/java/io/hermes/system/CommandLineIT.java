package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes on the command line: one line that says what to do, the right exit code, no stack trace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {

    private static final String DEMO = "io.hermes.sandbox.Main";
    private static final String LAUNCHER = "io.hermes.launcher.Main";

    @TempDir
    Path temp = Path.of("");

    private Demo running;

    private record Ended(int code, List<String> lines) {}

    @BeforeAll
    void startDemo(@TempDir Path directory) throws Exception {
        running = Demo.in(directory).replicas(1).start();
    }

    @AfterAll
    void stopDemo() {
        running.close();
    }

    @Test
    void takenPortIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            Ended ended = run(DEMO, "--data-dir", temp.resolve("d").toString(), "--port", port);

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.lines()).singleElement().asString().contains(port).contains("--port");
        }
    }

    @Test
    void unknownKeyIsTold() throws Exception {
        Ended ended = run(DEMO, "--data-dir", temp.resolve("d").toString(), "--set", "ingres.port=1");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.lines()).singleElement().asString().contains("ingress.port");
    }

    @Test
    void unknownOptionIsTold() throws Exception {
        Ended ended = run(DEMO, "--repliccas", "3");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.lines().get(0)).contains("--repliccas");
    }

    @Test
    void commandWithoutPortIsTold() throws Exception {
        Ended ended = run(DEMO, "--", "python3", "service.py");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.lines()).singleElement().asString().contains("{port}");
    }

    @Test
    void unknownBackendIsTold() throws Exception {
        Ended ended = run(DEMO, "--port", "9999", "--admin-port", "19999", "--set", "log.backend=files");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.lines().get(ended.lines().size() - 1))
                .contains("log.backend")
                .contains("kafka");
    }

    @Test
    void missingBrokerIsTold() throws Exception {
        Ended ended = run(LAUNCHER, "ingress", "--set", "kafka.bootstrap=127.0.0.1:9", "--set", "log.start-timeout=2s");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines()).singleElement().asString().contains("127.0.0.1:9");
    }

    @Test
    void missingZooKeeperIsTold() throws Exception {
        Ended ended = run(
                LAUNCHER,
                "ingress",
                "--set",
                "log.backend=bookkeeper",
                "--set",
                "bookkeeper.zookeeper=127.0.0.1:9",
                "--set",
                "log.start-timeout=2s");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines()).singleElement().asString().contains("ZooKeeper", "127.0.0.1:9");
    }

    @Test
    void repliesByTopicAreRefusedWhereThereAreNoTopics() throws Exception {
        Ended ended = run(LAUNCHER, "ingress", "--set", "log.backend=bookkeeper", "--set", "replies.via=topic");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.lines()).singleElement().asString().contains("replies.via", "direct");
    }

    @Test
    void takenPortOfARoleIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = run(
                    LAUNCHER,
                    "ingress",
                    "-c",
                    running.directory().resolve("ingress-0/config.yaml").toString(),
                    "--set",
                    "admin.port=0",
                    "--set",
                    "ingress.port=" + taken.getLocalPort());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.lines().get(ended.lines().size() - 1))
                    .contains("ingress.port")
                    .contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void secondDemoOnTheSameDirectoryIsTold() throws Exception {
        Ended ended = run(DEMO, "--data-dir", running.directory().toString(), "--port", "9", "--admin-port", "10");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines()).singleElement().asString().contains("--data-dir");
    }

    @Test
    void demoOnTheSameDirectoryContinues() throws Exception {
        Path directory = temp.resolve("demo");
        try (Demo first = Demo.in(directory).start()) {
            first.post("/insert", "of the first demo");
            first.stop();
        }

        try (Demo second = Demo.in(directory).start()) {
            assertThat(second.get("/line/0").body()).isEqualTo("\"of the first demo\"");
        }
    }

    private Ended run(String mainClass, String... arguments) throws Exception {
        Path output = Files.createTempFile(temp, "run-", ".out");
        Process process = Java.start(mainClass, new ArrayList<>(Arrays.asList(arguments)), output);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("does not end: " + Files.readString(output));
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).isNotEmpty().noneMatch(line -> line.startsWith("\tat "));
        return new Ended(process.exitValue(), lines);
    }
}

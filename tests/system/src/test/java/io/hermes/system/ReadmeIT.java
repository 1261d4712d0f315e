package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands, run as they stand there, but for the ports. */
class ReadmeIT {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    @TempDir
    Path temp = Path.of("");

    @Test
    void commandsOfTheReadmeDoWhatItSays() throws Exception {
        // Given
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<String> commands = readme.lines()
                .filter(line -> line.startsWith("./hermes") || line.startsWith("curl") || line.startsWith("mvn"))
                .toList();
        assertThat(commands)
                .containsExactly(
                        "./hermes demo",
                        "curl -d \"hello\" http://127.0.0.1:8000/insert",
                        "curl http://127.0.0.1:8000/line/1",
                        "./hermes demo -- python3 service.py {port}",
                        "./hermes demo --backend bookkeeper",
                        "curl -d \"once\" -H \"Idempotency-Key: order-7\" http://127.0.0.1:8000/insert",
                        "mvn verify",
                        // The next three are run by tests/containers.
                        "./hermes compose up",
                        "./hermes compose --backend bookkeeper up",
                        "./hermes compose down -v",
                        "./hermes bench --n-processes 64 --thinking-time 0 --warm-up 30 --duration 30");
        int port = Ports.free();
        Path output = temp.resolve("demo.out");
        Process demo = shell("exec " + commands.get(0) + " --port " + port + " --admin-port " + (port + 1_000), output);

        try {
            await("ready")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> Files.readString(output).lines().anyMatch(line -> line.startsWith("ready")));

            // When
            String written = run(commands.get(1).replace("8000", Integer.toString(port)));
            String line = run(commands.get(2).replace("8000", Integer.toString(port)));
            String once = run(commands.get(5).replace("8000", Integer.toString(port)));
            String again = run(commands.get(5).replace("8000", Integer.toString(port)));
            String lines = run("curl -s http://127.0.0.1:" + port + "/digest");
            String measured = run(commands.get(10).replaceAll(" 30\\b", " 1") + " --port " + port);

            // Then
            assertThat(written).isEqualTo("written");
            assertThat(line).isEqualTo("\"hello\"");
            assertThat(once).isEqualTo("written").isEqualTo(again);
            assertThat(lines).contains("\"lines\":2");
            assertThat(measured).contains("64 clients, closed loop").contains("errors      0");
        } finally {
            demo.destroy();
            assertThat(demo.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void demoRunsOnBookKeeperToo() throws Exception {
        // Given
        int port = Ports.free();
        Path output = temp.resolve("bookkeeper.out");
        Process demo = shell(
                "exec ./hermes demo --backend bookkeeper --port " + port + " --admin-port " + (port + 1_000), output);
        try {
            await("ready")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> Files.readString(output).lines().anyMatch(line -> line.startsWith("ready")));

            // When
            String written = run("curl -d \"hello\" http://127.0.0.1:" + port + "/insert");
            String line = run("curl http://127.0.0.1:" + port + "/line/1");

            // Then
            assertThat(written).isEqualTo("written");
            assertThat(line).isEqualTo("\"hello\"");
        } finally {
            demo.destroy();
            assertThat(demo.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void helpHelps() throws Exception {
        assertThat(run("./hermes --help")).contains("demo", "ingress", "applier", "gate", "status", "log-server");
        assertThat(run("./hermes ingress --help")).contains("ingress.request-timeout");
        assertThat(run("./hermes demo --help")).contains("--replicas", "Examples");
    }

    private String run(String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(temp, "run-", ".out");
        Process process = shell(command + " 2>/dev/null", output);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(output);
    }

    private static Process shell(String command, Path output) throws IOException {
        return new ProcessBuilder("sh", "-c", command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}

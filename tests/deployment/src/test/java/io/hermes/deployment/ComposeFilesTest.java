package io.hermes.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compose files, read by compose itself; that needs its command, but no engine. */
class ComposeFilesTest {

    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path temporary = Path.of("");

    @BeforeAll
    static void findCompose() throws Exception {
        if (run("docker compose version").code() != 0) {
            System.out.println("skipped ComposeFilesTest: there is no docker compose here");
            Assumptions.abort("there is no docker compose here");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose",
                "compose --profile monitoring --profile load",
                "compose --backend bookkeeper",
                "compose --debug",
                "compose --backend bookkeeper --debug"
            })
    void composeUnderstandsItsFiles(String command) throws Exception {
        Outcome outcome = run("./hermes " + command + " config -q");

        assertThat(outcome).isEqualTo(new Outcome(0, ""));
    }

    @Test
    void bookKeeperTakesThePlaceOfKafka() throws Exception {
        assertThat(run("./hermes compose config --services").output())
                .contains("kafka-0")
                .doesNotContain("bookie-0");
        assertThat(run("./hermes compose --backend bookkeeper config --services")
                        .output())
                .contains("bookie-3", "zookeeper")
                .doesNotContain("kafka");
    }

    @Test
    void ownImagesOfTheGuideTakeThePlaceOfTheSample() throws Exception {
        List<String> apps = snippetsOfTheGuide().stream()
                .filter(snippet -> snippet.contains("x-app:"))
                .toList();

        assertThat(apps).hasSize(2);
        for (String snippet : apps) {
            Path file = Files.writeString(temporary.resolve("my.yaml"), snippet);
            Outcome outcome = run("./hermes compose --app " + file + " config");
            assertThat(outcome.code()).as(outcome.output()).isZero();
            assertThat(outcome.output()).contains("image: myapp").doesNotContain("log-app");
        }
    }

    @Test
    void snapshotsOfTheGuideAreTakenByAllAppliers() throws Exception {
        List<String> others = snippetsOfTheGuide().stream()
                .filter(snippet -> !snippet.contains("x-app:"))
                .toList();

        assertThat(others).hasSize(1);
        Path file = Files.writeString(temporary.resolve("snapshots.yaml"), others.get(0));
        Outcome outcome = run("docker compose -f compose/compose.yaml -f compose/log-app.yaml -f " + file + " config");
        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(outcome.output().lines().filter(line -> line.equals("      HERMES_SNAPSHOT_VIA: http")))
                .hasSize(3);
    }

    private static List<String> snippetsOfTheGuide() throws IOException {
        return YAML.matcher(Yaml.read(Yaml.ROOT.resolve("docs/deploy/README.md")))
                .results()
                .map(snippet -> snippet.group(1).stripIndent())
                .toList();
    }

    @Test
    void anUnknownKeyIsCaught() throws Exception {
        Path file = temporary.resolve("compose.yaml");
        Files.writeString(file, "services: {a: {image: b, restarts: always}}");

        Outcome outcome = run("docker compose -f " + file + " config -q");

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.output()).contains("restarts");
    }

    private static Outcome run(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line)
                .directory(Yaml.ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    private record Outcome(int code, String output) {}
}

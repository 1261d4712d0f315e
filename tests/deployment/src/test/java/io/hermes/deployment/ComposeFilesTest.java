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
        List<String> snippets = YAML.matcher(Yaml.read(Yaml.ROOT.resolve("docs/deploy/README.md")))
                .results()
                .map(snippet -> snippet.group(1).stripIndent())
                .toList();

        assertThat(snippets).hasSize(2);
        for (String snippet : snippets) {
            Path file = Files.writeString(temporary.resolve("my.yaml"), snippet);
            Outcome outcome = run("./hermes compose --app " + file + " config");
            assertThat(outcome.code()).as(outcome.output()).isZero();
            assertThat(outcome.output()).contains("image: myapp").doesNotContain("log-app");
        }
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

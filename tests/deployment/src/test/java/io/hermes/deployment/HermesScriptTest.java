package io.hermes.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code ./hermes} builds: in a small copy of the repository, with a Maven and a Java that only say that they were called. */
class HermesScriptTest {

    private static final Instant SOURCES = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant JARS = SOURCES.plusSeconds(60);
    private static final Instant LATER = JARS.plusSeconds(60);

    private static final List<String> MODULES =
            List.of("infra/launcher", "tests/sandbox", "tests/loadgen", "tests/check");
    private static final List<String> TOOLS =
            List.of("dirname", "find", "head", "tail", "ps", "sed", "mktemp", "mkdir", "mv", "rm", "cat");

    @TempDir
    Path root = Path.of("");

    private record Ended(int code, String output) {}

    @BeforeEach
    void makeRepository() throws Exception {
        Files.copy(Yaml.ROOT.resolve("hermes"), root.resolve("hermes"));
        executable("jdk/bin/java", "echo java \"$@\"");
        executable("bin/mvn", "echo mvn \"$@\" >>\"$0.called\"");
        for (String tool : TOOLS) {
            executable("bin/" + tool, "exec " + findTool(tool) + " \"$@\"");
        }
        for (String module : MODULES) {
            file(module + "/target/lib/hermes-proto-0.1.0-SNAPSHOT.jar", JARS);
            file(module + "/target/hermes-" + Path.of(module).getFileName() + "-0.1.0-SNAPSHOT.jar", JARS);
        }
        file("proto/src/main/java/A.java", SOURCES);
        file("infra/launcher/src/main/java/B.java", SOURCES);
        for (String pom : List.of("pom.xml", "proto/pom.xml", "infra/pom.xml", "infra/launcher/pom.xml")) {
            file(pom, SOURCES);
        }
        for (String folder : List.of("proto/src/main", "infra/launcher/src/main")) {
            touch(folder + "/java", SOURCES);
            touch(folder, SOURCES);
        }
    }

    @Test
    void jarsThatAreNewerThanTheSourcesAreUsed() throws Exception {
        Ended ended = hermes("status");

        assertThat(ended.output()).startsWith("java ").contains("io.hermes.launcher.Main status");
        assertThat(builds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proto/src/main/java/A.java",
                "infra/launcher/src/main/java/B.java",
                "proto/src/main/java",
                "pom.xml",
                "infra/pom.xml",
                "infra/launcher/pom.xml"
            })
    void newerSourceIsBuiltOnce(String changed) throws Exception {
        touch(changed, LATER);

        Ended first = hermes("demo");
        Ended second = hermes("demo");

        assertThat(first.output()).contains("the sources are newer").contains("io.hermes.sandbox.Main");
        assertThat(second.output()).startsWith("java ");
        assertThat(builds()).containsExactly("mvn -Dquick package");
    }

    @Test
    void newerTestIsNoReasonToBuild() throws Exception {
        file("proto/src/test/java/ATest.java", LATER);

        hermes("demo");

        assertThat(builds()).isEmpty();
    }

    @Test
    void jarsThatMavenMadeAfterOurBuildAreUsed() throws Exception {
        file("target/hermes-built", SOURCES);
        touch("proto/src/main/java/A.java", SOURCES.plusSeconds(30));

        hermes("demo");

        assertThat(builds()).isEmpty();
    }

    /** What Maven made of the launcher alone says nothing of what the demo runs. */
    @Test
    void jarsOfAnotherModuleDoNotCount() throws Exception {
        touch("proto/src/main/java/A.java", LATER);
        touch("infra/launcher/target/hermes-launcher-0.1.0-SNAPSHOT.jar", LATER.plusSeconds(1));

        hermes("ingress");
        List<String> ofTheLauncher = builds();
        hermes("demo");

        assertThat(ofTheLauncher).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void withoutMavenTheOldJarsAreUsed() throws Exception {
        touch("proto/src/main/java/A.java", LATER);
        Files.delete(root.resolve("bin/mvn"));

        Ended ended = hermes("demo");

        assertThat(ended.code()).isZero();
        assertThat(ended.output()).contains("there is no mvn here").contains("io.hermes.sandbox.Main");
    }

    @Test
    void jarsThatAreRunningAreNotReplaced() throws Exception {
        touch("proto/src/main/java/A.java", LATER);
        Path jar = root.resolve("tests/sandbox/target/hermes-sandbox-0.1.0-SNAPSHOT.jar");
        Process running = new ProcessBuilder("cat", "-", jar.toString()).start();
        try {
            Ended ended = hermes("status");

            assertThat(ended.output()).contains("Hermes is running").contains("io.hermes.launcher.Main status");
            assertThat(builds()).isEmpty();
        } finally {
            running.destroy();
            running.waitFor();
        }
    }

    @Test
    void rebuildingCanBeRefused() throws Exception {
        touch("proto/src/main/java/A.java", LATER);

        Ended ended = hermes(Map.of("HERMES_REBUILD", "no"), "demo");

        assertThat(ended.output()).startsWith("java ");
        assertThat(builds()).isEmpty();
    }

    @Test
    void failedBuildEndsTheStart() throws Exception {
        touch("proto/src/main/java/A.java", LATER);
        executable("bin/mvn", "echo broken source; exit 1");

        Ended ended = hermes("demo");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("broken source").doesNotContain("io.hermes.sandbox.Main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpNeedsNeitherJavaNorABuild(String help) throws Exception {
        Files.delete(root.resolve("jdk/bin/java"));
        Files.delete(root.resolve("bin/mvn"));
        touch("proto/src/main/java/A.java", LATER);

        Ended ended = hermes(help);

        assertThat(ended.code()).isZero();
        assertThat(ended.output()).startsWith("   ./hermes demo").contains("./hermes compose");
    }

    @Test
    void noCommandAtAllIsAMistake() throws Exception {
        Ended ended = hermes();

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).startsWith("   ./hermes demo");
    }

    private List<String> builds() throws IOException {
        Path called = root.resolve("bin/mvn.called");
        return Files.exists(called) ? Files.readAllLines(called) : List.of();
    }

    private Ended hermes(String... arguments) throws IOException, InterruptedException {
        return hermes(Map.of(), arguments);
    }

    private Ended hermes(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(root.resolve("hermes").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", root.resolve("bin").toString());
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        builder.environment().put("TMPDIR", root.toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private void executable(String name, String body) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void file(String name, Instant modified) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "");
        touch(name, modified);
    }

    private void touch(String name, Instant modified) throws IOException {
        Files.setLastModifiedTime(root.resolve(name), FileTime.from(modified));
    }

    private static Path findTool(String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "command -v " + name).start();
        String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as("there is a " + name).isZero();
        return Path.of(path);
    }
}

package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaFilesTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void equalFilesAreIdentical() throws IOException {
        write("a\nb\n", "a\nb\n", "a\nb\n");

        assertThat(compare().toString()).isEqualTo("identical: the files of 3 replicas are identical: 2 lines");
    }

    @Test
    void oddReplicaIsNamedWithItsLine() throws IOException {
        write("a\nb\nc\n", "a\nX\nc\n", "a\nb\nc\n");

        assertThat(compare().isDifferent()).isTrue();
        assertThat(compare().words()).isEqualTo("at line 2 replica-1 has 'X', the others 'b'");
    }

    @Test
    void firstReplicaMayBeTheOddOne() throws IOException {
        write("X\n", "a\n", "a\n");

        assertThat(compare().words()).isEqualTo("at line 1 replica-0 has 'X', the others 'a'");
    }

    @Test
    void shorterReplicaIsDifferentWhenPatienceIsOver() throws IOException {
        write("a\nb\n", "a\nb\n", "a\n");

        assertThat(compare().words()).isEqualTo("at line 2 replica-2 has no line, the others 'b'");
    }

    @Test
    void replicaThatLagsIsWaitedFor() throws IOException, InterruptedException {
        write("a\nb\n", "a\n");
        Thread late = new Thread(() -> {
            try {
                Thread.sleep(300);
                Files.writeString(temp.resolve("replica-1/app/operations.log"), "a\nb\n");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        late.start();

        assertThat(new ReplicaFiles(ReplicaFiles.ofDemo(temp), Duration.ofSeconds(10))
                        .compare()
                        .isIdentical())
                .isTrue();
        late.join();
    }

    @Test
    void withoutAMajorityAllAreNamed() throws IOException {
        write("a\n", "b\n");

        assertThat(compare().words()).contains("replica-0 has 'a'", "replica-1 has 'b'");
    }

    @Test
    void commandDecidesByItsExitCode() {
        assertThat(new CheckCommand("true").run().isIdentical()).isTrue();
        assertThat(new CheckCommand("exit 3").run().toString())
                .contains("DIFFERENT")
                .contains("code 3");
    }

    private Verdict compare() {
        return new ReplicaFiles(ReplicaFiles.ofDemo(temp), Duration.ofMillis(50)).compare();
    }

    private void write(String... contents) throws IOException {
        for (int i = 0; i < contents.length; i++) {
            Path folder = Files.createDirectories(temp.resolve("replica-" + i + "/app"));
            Files.writeString(folder.resolve("operations.log"), contents[i]);
        }
        assertThat(ReplicaFiles.ofDemo(temp)).hasSize(List.of(contents).size());
    }
}

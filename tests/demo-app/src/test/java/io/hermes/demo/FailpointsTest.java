package io.hermes.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailpointsTest {

    @TempDir
    Path temp = Path.of("");

    private final List<Integer> halts = new ArrayList<>();
    private Failpoints failpoints = Failpoints.NONE;

    @BeforeEach
    void open() {
        failpoints = new Failpoints(temp, halts::add);
    }

    @Test
    void haltActsOnce() throws IOException {
        Path file = Files.writeString(temp.resolve("app-executed"), "halt\n");
        execute("7");
        execute("8");

        assertThat(halts).containsExactly(137);
        assertThat(file).doesNotExist();
    }

    @Test
    void requestsWithoutAPositionDoNotCount() throws IOException {
        Path file = Files.writeString(temp.resolve("app-executed"), "halt\n");
        failpoints.onExecuted(request(Map.of()));
        failpoints.onSettled();

        assertThat(halts).isEmpty();
        assertThat(file).exists();
    }

    @Test
    void roundInWhichNothingWasExecutedDoesNotCount() throws IOException {
        execute("7");
        Path file = Files.writeString(temp.resolve("app-executed"), "halt\n");
        failpoints.onSettled();

        assertThat(halts).isEmpty();
        assertThat(file).exists();
    }

    @Test
    void receivedIsLookedForBeforeExecuting() throws IOException {
        Files.writeString(temp.resolve("app-received"), "halt");
        failpoints.onReceived(at("7"));

        assertThat(halts).containsExactly(137);
    }

    @Test
    void haltEveryActsAtItsPositionOnly() throws IOException {
        Path file = Files.writeString(temp.resolve("app-executed"), "halt-every 8\n");
        execute("7");
        execute("88");
        assertThat(halts).isEmpty();

        execute("8");
        execute("8");

        assertThat(halts).hasSize(2);
        assertThat(file).exists();
    }

    @Test
    void haltEveryFindsItsPositionInARound() throws IOException {
        Files.writeString(temp.resolve("app-executed"), "halt-every 150");
        for (int position = 1; position <= 200; position++) {
            failpoints.onExecuted(at(Integer.toString(position)));
        }
        failpoints.onSettled();

        assertThat(halts).containsExactly(137);
    }

    @Test
    void killedProcessIsGoneWhenTheRequestGoesOn() throws IOException {
        Process other = new ProcessBuilder("sleep", "60").start();
        Files.writeString(temp.resolve("app-executed"), "kill " + other.pid());

        execute("7");

        assertThat(other.isAlive()).isFalse();
        assertThat(halts).isEmpty();
    }

    @Test
    void killOfAProcessThatIsGoneIsNoFault() throws Exception {
        Process other = new ProcessBuilder("true").start();
        other.waitFor();
        Path file = Files.writeString(temp.resolve("app-executed"), "kill " + other.pid());

        execute("7");

        assertThat(file).doesNotExist();
    }

    @Test
    void fileThatIsBeingWrittenIsLeftForTheNextTime() throws IOException {
        Path file = Files.createFile(temp.resolve("app-executed"));
        execute("7");
        assertThat(file).exists();

        Files.writeString(file, "halt");
        execute("8");

        assertThat(halts).containsExactly(137);
    }

    @Test
    void unknownOrderIsRefused() throws IOException {
        Files.writeString(temp.resolve("app-executed"), "explode");

        assertThatThrownBy(() -> execute("7")).hasMessageContaining("not explode");
    }

    private void execute(String position) throws IOException {
        failpoints.onReceived(at(position));
        failpoints.onExecuted(at(position));
        failpoints.onSettled();
    }

    private static HttpRequest at(String position) {
        return request(Map.of("hermes-position", position));
    }

    private static HttpRequest request(Map<String, String> headers) {
        return new HttpRequest("POST", "/insert", headers, new byte[0], true);
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An app that gives and takes its state by HTTP, and does so badly. */
@Timeout(20)
class HttpStateTest {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final ScriptedApp.Script STALLS = talk -> {
        talk.readHead();
        talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        talk.awaitClose();
    };

    @TempDir
    private Path temp = Path.of("");

    @Test
    void stateThatStallsAfterItsHeaderIsNotWaitedForWithoutEnd() throws IOException {
        try (ScriptedApp app = new ScriptedApp(0, STALLS)) {
            HttpState state = state(app, () -> {});

            assertThatThrownBy(() -> state.save(temp.resolve("state")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("within 500 ms");
        }
    }

    @Test
    void answerToARestoreThatStallsIsNotWaitedForWithoutEnd() throws IOException {
        Path given = Files.writeString(temp.resolve("state"), "");
        try (ScriptedApp app = new ScriptedApp(0, STALLS)) {
            HttpState state = state(app, () -> {});

            assertThatThrownBy(() -> state.restoreWhenListening(given))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("within 500 ms");
        }
    }

    @Test
    void appThatServesOneConnectionAtATimeGivesAndTakesItsState() throws Exception {
        ScriptedApp.Script request = talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 204 No Content\r\n\r\n");
            talk.awaitClose();
        };
        ScriptedApp.Script take = talk -> {
            talk.readHead();
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
        };
        Path file = temp.resolve("state");
        try (ScriptedApp app = new ScriptedApp(0, request, take, request);
                HttpAppClient client = new HttpAppClient(config(app), () -> true, System::nanoTime)) {
            HttpState state = state(app, client::close);
            List<String> answers = new ArrayList<>();
            client.apply(List.of(Calls.call(1, Calls.request("POST", "/", ""))), ToldAnswers.into(answers));

            state.save(file);
            client.apply(List.of(Calls.call(2, Calls.request("POST", "/", ""))), ToldAnswers.into(answers));

            assertThat(file).hasContent("abc");
            assertThat(answers).hasSize(2);
        }
    }

    private static HttpState state(ScriptedApp app, Runnable freeApp) {
        return new HttpState(new SnapshotConfig.Http("/state", "/state"), config(app), TIMEOUT, freeApp);
    }

    private static AppConfig config(ScriptedApp app) {
        return new AppConfig(
                AppKind.DISPOSABLE,
                "127.0.0.1",
                app.port(),
                List.of("true"),
                Path.of("app"),
                Path.of("note"),
                null,
                null,
                "/position",
                1,
                Duration.ofSeconds(10),
                1_000,
                Duration.ofMillis(100));
    }
}

package io.hermes.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppConfigTest {

    private static final List<String> COMMAND = List.of("run");
    private static final Path GATE = Path.of("gate");

    @Test
    void disposableAppNeedsSomebodyWhoStartsItAnew() {
        assertThatThrownBy(() -> config(AppKind.DISPOSABLE, List.of(), null))
                .hasMessageContaining("app.gate-directory");
        assertThat(config(AppKind.DISPOSABLE, COMMAND, null).isAttached()).isFalse();
        assertThat(config(AppKind.DISPOSABLE, List.of(), GATE).isAttached()).isFalse();
    }

    @Test
    void onlyOneStartsTheApp() {
        assertThatThrownBy(() -> config(AppKind.POSITION_AWARE, COMMAND, GATE)).hasMessageContaining("exclude");
    }

    @Test
    void nobodyButItsOwnerStartsAnExternalApp() {
        assertThatThrownBy(() -> config(AppKind.EXTERNAL, COMMAND, null)).hasMessageContaining("somebody else");
        assertThat(config(AppKind.EXTERNAL, List.of(), null).isAttached()).isTrue();
    }

    @Test
    void onlyADisposableAppMayHaveSeveralConnections() {
        assertThat(config(AppKind.DISPOSABLE, COMMAND, null).withConnections(64).connections())
                .isEqualTo(64);
        assertThatThrownBy(() -> config(AppKind.POSITION_AWARE, COMMAND, null).withConnections(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("app.connections is 2", "app.kind: position-aware");
        assertThatThrownBy(() -> config(AppKind.EXTERNAL, List.of(), null).withConnections(2))
                .hasMessageContainingAll("app.connections is 2", "app.kind: external");
    }

    @Test
    void connectionsHaveABound() {
        AppConfig config = config(AppKind.DISPOSABLE, COMMAND, null);

        assertThatThrownBy(() -> config.withConnections(0)).hasMessageContaining("wanted 1 to 64");
        assertThatThrownBy(() -> config.withConnections(65)).hasMessageContaining("wanted 1 to 64");
    }

    @Test
    void kindsAreNamedAsInTheConfiguration() {
        for (AppKind kind : AppKind.values()) {
            assertThat(AppKind.of(kind.text())).isEqualTo(kind);
        }
        assertThatThrownBy(() -> AppKind.of("stateless")).hasMessageContaining("position-aware");
    }

    private static AppConfig config(AppKind kind, List<String> command, @Nullable Path gate) {
        return new AppConfig(
                kind,
                "127.0.0.1",
                9,
                command,
                Path.of("app"),
                Path.of("note"),
                gate,
                null,
                "/position",
                1,
                Duration.ofSeconds(1),
                1_000,
                Duration.ofMillis(100));
    }
}

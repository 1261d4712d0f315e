package io.hermes.bench;

import io.hermes.applier.App;
import io.hermes.applier.AppCall;
import io.hermes.applier.AppConfig;
import io.hermes.applier.AppKind;
import io.hermes.applier.HttpAppClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What an applier uses. */
final class HermesPath implements AppPath {

    private static final int PIPELINING = 128;

    private final HttpAppClient client;

    HermesPath(int port) {
        AppConfig config = new AppConfig(
                AppKind.EXTERNAL,
                "127.0.0.1",
                port,
                List.of(),
                Path.of("unused"),
                Path.of("unused"),
                null,
                null,
                "/position",
                PIPELINING,
                Duration.ofSeconds(10),
                1 << 20,
                Duration.ofSeconds(1));
        client = new HttpAppClient(config, () -> true, System::nanoTime);
    }

    @Override
    public void apply(List<AppCall> calls, App.Answers answers) throws Exception {
        client.apply(calls, answers);
    }

    @Override
    public void close() {
        client.close();
    }
}

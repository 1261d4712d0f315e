package io.hermes.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An applier with a sample log app that somebody starts by hand on a demo's brokers: the demo knows nothing of it. */
final class ExtraReplica implements AutoCloseable {

    private final Path directory;
    private final Process process;

    private ExtraReplica(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** What to start. */
    static final class Builder {
        private final Demo demo;
        private final Path directory;
        private final Map<String, String> keys = new TreeMap<>();

        private Builder(Demo demo, Path directory) {
            this.demo = demo;
            this.directory = directory;
            int port = Ports.free();
            String[] app = Java.command(
                    "io.hermes.demo.LogServer",
                    "--address",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--file",
                    "operations.log");
            keys.putAll(Map.of(
                    "replica.state-directory",
                    directory.resolve("applier").toString(),
                    "app.directory",
                    directory.resolve("app").toString(),
                    "app.command",
                    String.join(" ", app),
                    "app.port",
                    Integer.toString(port),
                    "admin.port",
                    "0"));
        }

        /** Sets a key that the demo's first replica has otherwise, or has not. */
        Builder with(String key, String value) {
            keys.put(key, value);
            return this;
        }

        /** Returns when it serves. */
        ExtraReplica start() throws IOException {
            Path output = directory.resolve("applier.log");
            List<String> words = new ArrayList<>(List.of(
                    "applier",
                    "-c",
                    demo.directory().resolve("replica-0/applier/config.yaml").toString()));
            keys.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
            ExtraReplica replica = new ExtraReplica(directory, Java.start("io.hermes.launcher.Main", words, output));
            await("the extra replica serves").atMost(Duration.ofSeconds(60)).until(() -> Files.readString(output)
                    .contains("replica state=SERVING"));
            return replica;
        }
    }

    static Builder of(Demo demo, Path directory) {
        return new Builder(demo, directory);
    }

    List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("app/operations.log"), StandardCharsets.ISO_8859_1);
    }

    /** Ends it without warning, its app too. */
    void kill() {
        List<ProcessHandle> app = process.descendants().toList();
        process.destroyForcibly();
        app.forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    /** Ends it in order. */
    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        await("the extra replica ends").atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }
}

package io.hermes.log.kafka.embedded;

import io.hermes.log.embedded.BrokerLife;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * One Kafka broker that is also a voter of the metadata quorum, as a process on 127.0.0.1. It formats its directory on
 * first use and continues with what is there later, even on other ports. Exit codes: 0 done, 1 failed, 2 usage.
 */
public final class KafkaBrokerMain {

    /** Controlled shutdown waits for a quorum that may be gone, since all brokers of a machine stop at once. */
    private static final long SHUTDOWN_MAX_SECONDS = 5;

    private KafkaBrokerMain() {}

    /**
     * Runs the broker until SIGTERM, or until standard input ends if told so.
     *
     * @param args {@code --node-id N --directory DIR --port PORT --voters N@HOST:PORT,... --cluster-id ID}, then any
     *     number of {@code --set key=value} for Kafka's own settings, and {@code --end-with-stdin}
     */
    public static void main(String[] args) {
        try {
            BrokerArguments arguments = BrokerArguments.parse(List.of(args));
            BrokerLife.boundShutdown(SHUTDOWN_MAX_SECONDS);
            if (arguments.endWithStdin()) {
                BrokerLife.endWithStdin();
            }
            Kafka.main(new String[] {prepared(arguments).toString()});
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException | RuntimeException e) {
            System.err.println("the broker cannot start: " + e);
            System.exit(1);
        }
    }

    /** Writes the settings and formats the directory unless it is formatted; returns the settings' file. */
    static Path prepared(BrokerArguments arguments) throws IOException {
        Files.createDirectories(arguments.directory());
        Path file = arguments.directory().resolve("server.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            BrokerSettings.of(arguments).store(writer, "Written anew at each start");
        }
        if (!Files.exists(arguments.directory().resolve("data").resolve("meta.properties"))) {
            format(file, arguments.clusterId());
        }
        return file;
    }

    private static void format(Path settings, String clusterId) throws IOException {
        String[] command = {"format", "--ignore-formatted", "-c", settings.toString(), "-t", clusterId};
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = StorageTool.execute(command, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException("formatting ended with code " + code + ": " + said.toString(StandardCharsets.UTF_8));
        }
    }
}

package io.hermes.log.bookkeeper.embedded;

import io.hermes.log.embedded.BrokerLife;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Properties;
import java.util.Set;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;

/**
 * One ZooKeeper server, alone in its ensemble, as a process on 127.0.0.1; continues with what its directory holds. Exit
 * codes: 0 done, 1 failed, 2 usage.
 */
public final class ZooKeeperMain {

    private static final String USAGE =
            "usage: ZooKeeperMain --directory DIR --port PORT [--set key=value]... [--end-with-stdin]";
    private static final long SHUTDOWN_MAX_SECONDS = 5;

    private ZooKeeperMain() {}

    /**
     * Runs the server until SIGTERM, or until standard input ends if told so.
     *
     * @param args {@code --directory DIR --port PORT}, then any number of {@code --set key=value} for ZooKeeper's own
     *     settings, and {@code --end-with-stdin}
     */
    public static void main(String[] args) {
        try {
            ServerArguments arguments = ServerArguments.parse(USAGE, Set.of("--directory", "--port"), args);
            BrokerLife.boundShutdown(SHUTDOWN_MAX_SECONDS);
            // It would listen on a fixed port.
            System.setProperty("zookeeper.admin.enableServer", "false");
            ServerConfig config = new ServerConfig();
            config.readFrom(parsed(arguments));
            new ZooKeeperServerMain().runFromConfig(config);
            System.exit(0);
        } catch (IllegalArgumentException | ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException | AdminServerException | RuntimeException e) {
            System.err.println("ZooKeeper cannot start: " + e);
            System.exit(1);
        }
    }

    private static QuorumPeerConfig parsed(ServerArguments arguments) throws IOException, ConfigException {
        Properties settings = new Properties();
        settings.setProperty(
                "dataDir", arguments.path("--directory").resolve("data").toString());
        settings.setProperty("clientPort", arguments.text("--port"));
        settings.setProperty("clientPortAddress", "127.0.0.1");
        settings.setProperty("tickTime", "1000");
        settings.setProperty("maxClientCnxns", "0");
        settings.setProperty("maxSessionTimeout", "60000");
        settings.putAll(arguments.settings());
        Files.createDirectories(arguments.path("--directory").resolve("data"));
        QuorumPeerConfig config = new QuorumPeerConfig();
        config.parseProperties(settings);
        return config;
    }
}

package io.hermes.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hermes.demo.LogServer;
import io.hermes.log.embedded.ChildClassPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** Works out the processes of a sandbox: their commands, ports and configuration files. Starts nothing. */
final class Plans {

    private static final int DEMO_PIPELINING = 128;
    /**
     * What was answered in the last windows is kept for a comparison, for a second or so, and copied by each young collection, in all replicas at the
     * same moment: twice the young generation has it happen half as often.
     */
    private static final String APPLIERS_YOUNG = "-Xmn256m";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SandboxConfig config;
    private final IntSupplier ports;
    private final Brokers brokers;
    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final String classPath = ChildClassPath.withoutLog4j();

    Plans(SandboxConfig config, IntSupplier ports) {
        this.config = config;
        this.ports = ports;
        this.brokers = config.backend().equals("bookkeeper")
                ? Brokers.ofBookKeeper(config, ports, java)
                : Brokers.ofKafka(config, ports, java);
    }

    Brokers brokers() {
        return brokers;
    }

    ChildPlan replica(int replica) throws IOException {
        Path directory = config.replicaDirectory(replica);
        int appPort = ports.getAsInt();
        Map<String, Object> keys = common();
        keys.put("replica.name", "replica-" + replica);
        keys.put("replica.state-directory", directory.resolve("applier").toString());
        keys.put("settings.replicas", replicaNames());
        keys.put("app.command", appCommand(replica, appPort));
        keys.put("app.directory", directory.resolve("app").toString());
        keys.put("app.port", appPort);
        if (config.command().isEmpty()) {
            keys.put("app.pipelining", DEMO_PIPELINING);
        }
        keys.put("admin.port", config.replicaAdminPort(replica));
        return role("replica-" + replica, "applier", directory.resolve("applier"), keys);
    }

    ChildPlan ingress(int ingress) throws IOException {
        Map<String, Object> keys = common();
        keys.put("ingress.name", "ingress-" + ingress);
        keys.put("ingress.host", "127.0.0.1");
        keys.put("ingress.port", config.ingressPort(ingress));
        keys.put("admin.port", config.ingressAdminPort(ingress));
        return role("ingress-" + ingress, "ingress", config.ingressDirectory(ingress), keys);
    }

    private Map<String, Object> common() {
        return new LinkedHashMap<>(brokers.configuration());
    }

    private ChildPlan role(String name, String role, Path directory, Map<String, Object> keys) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("config.yaml");
        Files.writeString(file, yaml(keys));
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx512m", "-XX:+UseSerialGC"));
        if (role.equals("applier")) {
            command.add(APPLIERS_YOUNG);
        }
        command.addAll(List.of("-cp", classPath, "io.hermes.launcher.Main", role, "--end-with-stdin"));
        for (Path userFile : config.files()) {
            command.addAll(List.of("-c", userFile.toAbsolutePath().toString()));
        }
        command.addAll(List.of("-c", file.toString()));
        for (String override : config.overrides()) {
            command.addAll(List.of("--set", override));
        }
        return new ChildPlan(name, directory, command);
    }

    private List<String> replicaNames() {
        return IntStream.range(0, config.replicas())
                .mapToObj(replica -> "replica-" + replica)
                .toList();
    }

    private List<String> appCommand(int replica, int appPort) {
        if (config.command().isEmpty()) {
            List<String> command = new ArrayList<>(List.of(
                    java.toString(),
                    "-Xmx192m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath,
                    LogServer.class.getName(),
                    "--address",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(appPort),
                    "--file",
                    "operations.log"));
            if (config.positionAware()) {
                command.add("--aware");
            }
            return command;
        }
        return config.command().stream()
                .map(word -> word.replace("{port}", Integer.toString(appPort))
                        .replace("{replica}", Integer.toString(replica)))
                .map(Plans::absoluteIfFile)
                .toList();
    }

    /** The app runs in a directory of its own, so a file that the user named from here must be found from there. */
    private static String absoluteIfFile(String word) {
        boolean pathLike = !word.isEmpty() && !word.startsWith("-") && word.length() < 4096 && word.indexOf('\0') < 0;
        if (pathLike && Files.isRegularFile(Path.of(word))) {
            return Path.of(word).toAbsolutePath().toString();
        }
        return word;
    }

    /** JSON values are YAML too. */
    private static String yaml(Map<String, Object> keys) throws IOException {
        StringBuilder yaml = new StringBuilder();
        for (Map.Entry<String, Object> entry : keys.entrySet()) {
            yaml.append(entry.getKey())
                    .append(": ")
                    .append(MAPPER.writeValueAsString(entry.getValue()))
                    .append('\n');
        }
        return yaml.toString();
    }
}

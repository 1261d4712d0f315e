package io.hermes.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a line of the README brings up in containers, once for all tests of a class, under a name and on ports that nothing else uses; and
 * removes again, data included. Without a Docker engine, or without an image, the class is skipped.
 */
final class Composed implements BeforeAllCallback, AfterAllCallback {

    static final int REPLICAS = 3;

    private static final Duration UP_MAX = Duration.ofMinutes(3);
    private static final Duration COMMAND_MAX = Duration.ofSeconds(60);

    private final String project;
    private final String line;
    private final List<String> images;
    private final int port;
    private final Shell shell;
    private boolean begun;

    /**
     * Starts nothing.
     *
     * @param project how compose names containers, networks and volumes
     * @param line of the README
     * @param images what is needed beside our own and the load balancer's
     */
    Composed(String project, String line, String... images) {
        this.project = project;
        this.line = line;
        this.images = new ArrayList<>(List.of(Engine.base(), Engine.LOAD_BALANCER));
        this.images.addAll(List.of(images));
        this.port = freePort();
        this.shell = new Shell(Map.of(
                "COMPOSE_PROJECT_NAME",
                project,
                "HERMES_PORT",
                Integer.toString(port),
                "HERMES_ADMIN_PORT",
                Integer.toString(freePort())));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Engine.require(context.getRequiredTestClass(), images.toArray(String[]::new));
        begun = true;
        removeAll();
        try {
            shell.run(Readme.line(line), UP_MAX);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + output(), e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (begun) {
            removeAll();
        }
    }

    /** Runs a line of the README, but for the port. */
    String run(String line) {
        return shell.run(line.replace("127.0.0.1:8000", "127.0.0.1:" + port), COMMAND_MAX);
    }

    /** Where clients go. */
    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The sample app's file in one replica, copied to here. */
    List<String> lines(int replica, Path temporary) throws IOException {
        Path copy = temporary.resolve(project + "-" + replica + ".log");
        docker("cp " + container("replica-" + replica + "-app") + ":/var/lib/app/data/operations.log " + copy);
        return Files.readAllLines(copy);
    }

    /** Whether all replicas have the same lines at this moment. */
    boolean replicasAgree(Path temporary) throws IOException {
        List<String> first = lines(0, temporary);
        for (int replica = 1; replica < REPLICAS; replica++) {
            if (!lines(replica, temporary).equals(first)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all roles say that they are ready. */
    boolean isHealthy() {
        return IntStream.range(0, REPLICAS)
                .mapToObj(replica -> container("replica-" + replica + "-applier"))
                .map(name -> docker("inspect --format '{{.State.Health.Status}}' " + name))
                .allMatch(status -> status.strip().equals("healthy"));
    }

    /** Ends a container's processes with SIGKILL; it does not come back by itself. */
    void kill(String service) {
        docker("kill " + container(service));
    }

    /** Starts a container that was killed. */
    void start(String service) {
        docker("start " + container(service));
    }

    /** Stops a container's processes without their knowing. */
    void pause(String service) {
        docker("pause " + container(service));
    }

    /** Lets them go on. */
    void resume(String service) {
        docker("unpause " + container(service));
    }

    /** Takes a container off its network. */
    void disconnect(String service) {
        docker("network disconnect " + project + "_default " + container(service));
    }

    /** Puts it back, under its name. */
    void connect(String service) {
        docker("network connect --alias " + service + " " + project + "_default " + container(service));
    }

    /** What a role tells Prometheus. */
    String metrics(String service) {
        return docker("exec " + container(service) + " bash -c 'exec 3<>/dev/tcp/127.0.0.1/9000;"
                + " printf \"GET /metrics HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'");
    }

    /** Removes everything, data included; never fails. */
    private void removeAll() {
        try {
            shell.run("docker compose -p " + project + " down -v -t 1", COMMAND_MAX);
        } catch (AssertionError e) {
            System.out.println("not removed: " + e.getMessage());
        }
    }

    /** What the containers have written lately. */
    private String output() {
        return shell.run("docker compose -p " + project + " logs --no-color --tail 15 2>&1", COMMAND_MAX);
    }

    private String docker(String words) {
        return shell.run("docker " + words, COMMAND_MAX);
    }

    private String container(String service) {
        return project + "-" + service + "-1";
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return 10_000 + socket.getLocalPort() % 10_000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

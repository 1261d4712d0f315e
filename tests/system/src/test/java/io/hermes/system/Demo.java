package io.hermes.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code hermes demo} as a process of its own, as a user runs it. */
final class Demo implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(40);

    private final Process process;
    private final Path directory;
    private final Path output;
    private final int port;
    private final int adminPort;
    private final int replicas;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Demo(Process process, Path directory, Path output, int port, int adminPort, int replicas) {
        this.process = process;
        this.directory = directory;
        this.output = output;
        this.port = port;
        this.adminPort = adminPort;
        this.replicas = replicas;
    }

    /** What to start. */
    static final class Builder {
        private final Path directory;
        private final List<String> options = new ArrayList<>();
        private List<String> command = List.of();
        private int replicas = 3;
        private int port = Ports.free();
        private final Map<String, String> environment = new HashMap<>();

        private Builder(Path directory) {
            this.directory = directory;
            // The sandbox's children take it over.
            environment.put("JDK_JAVA_OPTIONS", Java.QUICK_START);
        }

        Builder replicas(int count) {
            replicas = count;
            return this;
        }

        Builder option(String... words) {
            options.addAll(List.of(words));
            return this;
        }

        Builder port(int chosen) {
            port = chosen;
            return this;
        }

        /** The folder in which each process looks for its failpoints. */
        Builder failpoints(Path folder) {
            environment.put("HERMES_FAILPOINTS", folder.toString());
            return this;
        }

        /** Someone's own service instead of the sample one. */
        Builder command(String... words) {
            command = List.of(words);
            return this;
        }

        Demo start() throws IOException {
            int adminPort = port + 1000;
            List<String> arguments = new ArrayList<>(List.of(
                    "--data-dir", directory.toString(),
                    "--port", Integer.toString(port),
                    "--admin-port", Integer.toString(adminPort),
                    "--replicas", Integer.toString(replicas)));
            arguments.addAll(options);
            if (!command.isEmpty()) {
                arguments.add("--");
                arguments.addAll(command);
            }
            Path output = Files.createTempFile("hermes-demo-", ".out");
            output.toFile().deleteOnExit();
            Demo demo = new Demo(
                    Java.start("io.hermes.sandbox.Main", arguments, output, environment),
                    directory,
                    output,
                    port,
                    adminPort,
                    replicas);
            try {
                demo.awaitReady();
            } catch (RuntimeException | Error e) {
                demo.close();
                throw e;
            }
            return demo;
        }
    }

    static Builder in(Path directory) {
        return new Builder(directory);
    }

    URI uri(String path) {
        return uri(0, path);
    }

    URI uri(int ingress, String path) {
        return URI.create("http://127.0.0.1:" + (port + ingress) + path);
    }

    int port() {
        return port;
    }

    int adminPort() {
        return adminPort;
    }

    int replicas() {
        return replicas;
    }

    HttpClient client() {
        return client;
    }

    Path directory() {
        return directory;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                request.timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    /** The pid of a process, such as {@code broker-0}, {@code ingress-0}, {@code replica-1/applier}, {@code replica-1/app}. */
    long pid(String name) throws IOException {
        return Long.parseLong(
                Files.readString(directory.resolve(name).resolve("pid")).strip());
    }

    void kill(String name) throws IOException {
        ProcessHandle.of(pid(name)).ifPresent(ProcessHandle::destroyForcibly);
    }

    boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Waits until a process that was killed runs anew. */
    long awaitNewPid(String name, long before) {
        Awaitility.await(name + " is started anew")
                .atMost(Duration.ofSeconds(30))
                .ignoreException(NoSuchFileException.class)
                .until(() -> pid(name) != before && isAlive(pid(name)));
        try {
            return pid(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until a broker takes connections. */
    void awaitListening(String name) throws IOException {
        // The whole, which Java would cut off.
        String command = Files.readString(Path.of("/proc", Long.toString(pid(name)), "cmdline"))
                .replace('\0', ' ');
        Matcher port = Pattern.compile("--port ([0-9]+)").matcher(command);
        assertThat(port.find()).as(command).isTrue();
        int number = Integer.parseInt(port.group(1));
        Awaitility.await(name + " listens").atMost(Duration.ofSeconds(30)).until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), number)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Waits until all replicas serve and have applied the same. */
    void awaitAllServing() {
        Awaitility.await("all replicas serve").atMost(Duration.ofSeconds(60)).until(() -> {
            for (int replica = 0; replica < replicas; replica++) {
                // Its port alone could be answered by a replica of somebody else's demo.
                if (admin(adminPort + 100 + replica, "/readyz") != 200 || !runs("replica-" + replica + "/app")) {
                    return false;
                }
            }
            return true;
        });
    }

    private boolean runs(String name) throws IOException {
        try {
            return isAlive(pid(name));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Waits until an ingress lets requests in. */
    void awaitReady(int ingress) {
        Awaitility.await("ingress " + ingress + " is ready")
                .atMost(Duration.ofSeconds(30))
                .until(() -> admin(adminPort + ingress, "/readyz") == 200);
    }

    /** What a replica says about its readiness; empty if it says nothing. */
    String readiness(int replica) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + (adminPort + 100 + replica) + "/readyz"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    List<String> lines(int replica) throws IOException {
        return Files.readAllLines(file(replica), StandardCharsets.ISO_8859_1);
    }

    Path file(int replica) {
        return directory.resolve("replica-" + replica).resolve("app").resolve("operations.log");
    }

    /** Ends the demo as Ctrl-C does, in order. */
    void stop() {
        process.destroy();
        awaitEnd(process.toHandle());
    }

    /** Kills whatever of the demo still runs: nobody needs what it would put in order. */
    @Override
    public void close() {
        // Who starts others anew must not do so after they are listed.
        signal("STOP");
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(process.toHandle());
        started.forEach(Demo::awaitEnd);
    }

    private void signal(String name) {
        try {
            var unused = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
            throw new AssertionError("the demo does not end", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private int admin(int adminPortOfRole, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPortOfRole + path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void awaitReady() {
        Awaitility.await("the demo is ready")
                .atMost(READY_WITHIN)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the demo ended: " + output());
                    }
                    return output().lines().anyMatch(line -> line.startsWith("ready"));
                });
    }
}

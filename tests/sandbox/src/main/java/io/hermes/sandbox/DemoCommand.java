package io.hermes.sandbox;

import io.hermes.launcher.ConfigException;
import io.hermes.launcher.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hermes demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Runs everything on this machine, a real Kafka or BookKeeper included: brokers, ingresses, and N replicas of a"
                        + " service. Prints a line that begins with 'ready'; Ctrl-C ends it all.",
        footer = {
            "",
            "Examples:",
            "  ./hermes demo",
            "  ./hermes demo --brokers 3 --data-dir /var/tmp/hermes",
            "  ./hermes demo --backend bookkeeper",
            "  ./hermes demo -- python3 service.py --port {port}"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--backend",
            description = "kafka or bookkeeper (default: what log.backend says, and that is kafka)")
    private @Nullable String backend;

    @Option(names = "--replicas", defaultValue = "3", description = "copies of the service (default 3)")
    private int replicas;

    @Option(names = "--ingresses", defaultValue = "1", description = "ingresses, on ports that follow (default 1)")
    private int ingresses;

    @Option(
            names = "--brokers",
            defaultValue = "1",
            description = "brokers; 3 survive the loss of one (default 1); bookies: at least 3")
    private int brokers;

    @Option(names = "--port", defaultValue = "8000", description = "port of the first ingress (default 8000)")
    private int port;

    @Option(
            names = "--admin-port",
            defaultValue = "9000",
            description = "admin port of the first ingress; replica j has this plus 100 plus j (default 9000)")
    private int adminPort;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "keeps everything here and continues from it (default: a temporary one, removed at the end)")
    private @Nullable Path dataDir;

    @Option(names = "-c", paramLabel = "FILE", description = "configuration for all roles")
    private List<Path> files = List.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one key for all roles")
    private List<String> overrides = List.of();

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description =
                    "starts one copy of your service; {port} and {replica} are replaced. Default: the sample log app")
    private List<String> command = List.of();

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!command.isEmpty() && command.stream().noneMatch(word -> word.contains("{port}"))) {
            throw new SandboxException(
                    2, "COMMAND has no {port}: each copy needs a port of its own, so pass it, e.g. --port {port}");
        }
        Configuration configuration = Configuration.read(files, System.getenv(), overrides);
        Path directory = dataDir == null ? Files.createTempDirectory("hermes-demo-") : dataDir.toAbsolutePath();
        SandboxConfig config = new SandboxConfig(
                backend == null ? configuration.logBackend() : backend,
                replicas,
                ingresses,
                brokers,
                port,
                adminPort,
                directory,
                dataDir == null,
                files,
                overrides,
                command,
                configuration.isPositionAware());
        Runtime.getRuntime().addShutdownHook(new Thread(this::endFromHook, "sandbox-shutdown-0"));
        Sandbox sandbox = new Sandbox(config, System.out, end);
        try {
            long startNanos = System.nanoTime();
            sandbox.start();
            System.out.printf(
                    "ready http://127.0.0.1:%d after %.1f s, status page http://127.0.0.1:%d/, data in %s%n",
                    port, (System.nanoTime() - startNanos) / 1e9, adminPort, directory);
            System.out.flush();
            end.await();
        } catch (CancellationException e) {
            System.out.println("ended while starting");
        } finally {
            try {
                sandbox.close();
            } finally {
                // Whatever went wrong: the processes end by themselves once this one has.
                ended.countDown();
            }
        }
        return 0;
    }

    private void endFromHook() {
        end.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int exitCode(Throwable failure) {
        if (failure instanceof SandboxException sandbox) {
            return sandbox.exitCode();
        }
        return failure instanceof ConfigException ? 2 : 1;
    }
}

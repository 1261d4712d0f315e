package io.hermes.loadgen;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code ./hermes demo}, a process of ours. Its data goes at the end, unless the replicas were not found identical. */
final class DemoDeployment implements Deployment {

    static final int ADMIN_PORTS_ABOVE = 1_000;

    private static final long READY_SECONDS = 180;
    private static final Duration LAG_MAX = Duration.ofSeconds(60);

    private final int port;
    private final Path data;
    private final ChildProcess process;
    // Set by the main thread when it has compared the replicas.
    private boolean keepsData = true;

    /**
     * Starts it.
     *
     * @param options further options, and the user's service
     */
    DemoDeployment(Path script, int port, Path folder, List<String> options, Interruption interruption) {
        this.port = port;
        this.data = folder.resolve("data").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(
                script.toString(),
                "demo",
                "--data-dir",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(port + ADMIN_PORTS_ABOVE)));
        command.addAll(options);
        this.process = ChildProcess.startReady("the demo", folder, command, "ready ", READY_SECONDS, interruption);
    }

    @Override
    public Target target() {
        return new Target("localhost", port);
    }

    @Override
    public List<CpuGroup> cpu() {
        return CpuGroup.ofDemo(data);
    }

    @Override
    public void refresh() {
        // Its log is one, from the first request to the last.
    }

    @Override
    public Verdict check() {
        List<Path> files = ReplicaFiles.ofDemo(data);
        Verdict verdict = files.size() < 2
                ? Verdict.notCompared("there are no replica-N/app/operations.log in " + data + ": give --check")
                : new ReplicaFiles(files, LAG_MAX).compare();
        keepsData = !verdict.isIdentical();
        return verdict;
    }

    @Override
    public void close() {
        process.close();
        if (!keepsData) {
            FileTree.delete(data);
        }
    }
}

package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The sample app without Hermes, a process of ours. */
final class AppDeployment implements Deployment {

    private static final long READY_SECONDS = 60;
    private static final long FILE_BYTES_MAX = 1L << 30;

    private final Path script;
    private final int port;
    private final Path folder;
    private final Interruption interruption;
    // Replaced by the main thread when its file has grown too large.
    private ChildProcess process;

    /** Starts it. */
    AppDeployment(Path script, int port, Path folder, Interruption interruption) {
        this.script = script;
        this.port = port;
        this.folder = folder.toAbsolutePath();
        this.interruption = interruption;
        this.process = launch(script, port, this.folder, interruption);
    }

    @Override
    public Target target() {
        return new Target("localhost", port);
    }

    @Override
    public List<CpuGroup> cpu() {
        return List.of(CpuGroup.of("app", List.of(process.pidFile().toString())));
    }

    /** Alone, the app writes a gigabyte in a minute; a new one begins with an empty file. */
    @Override
    public void refresh() {
        try {
            if (Files.size(file(folder)) > FILE_BYTES_MAX) {
                process.close();
                process = launch(script, port, folder, interruption);
            }
        } catch (IOException e) {
            throw BenchException.failed("cannot look at the app's file: " + e);
        }
    }

    @Override
    public Verdict check() {
        return Verdict.notCompared("there is one copy only");
    }

    @Override
    public void close() {
        process.close();
        FileTree.delete(file(folder));
    }

    private static ChildProcess launch(Path script, int port, Path folder, Interruption interruption) {
        FileTree.delete(file(folder));
        List<String> command = List.of(
                script.toString(),
                "log-server",
                "--port",
                Integer.toString(port),
                "--file",
                file(folder).toString());
        return ChildProcess.startReady(
                "the sample app", folder, command, "log-server listens", READY_SECONDS, interruption);
    }

    private static Path file(Path folder) {
        return folder.resolve("operations.log");
    }
}

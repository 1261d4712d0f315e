package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.proto.SnapshotTakenRecord;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes snapshot}: asks one replica to keep its state. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description =
                "Asks one replica to take a snapshot of its state, and waits until it has. The replica applies nothing"
                        + " meanwhile; the others go on.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class SnapshotCommand extends OperatorCommand {

    @Option(
            names = "--replica",
            paramLabel = "NAME",
            description = "which one; otherwise the one whose newest snapshot is the oldest")
    private @Nullable String replica;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "how long to wait for it (default 300)")
    private long waitSeconds;

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        SnapshotTakenRecord taken = SnapshotOrder.take(backend, replica, waitSeconds);
        out.println("snapshot of " + taken.replica() + ": state after position " + taken.position() + ", "
                + taken.bytes() + " bytes, SHA-256 of its manifest " + taken.sha256());
        return 0;
    }
}

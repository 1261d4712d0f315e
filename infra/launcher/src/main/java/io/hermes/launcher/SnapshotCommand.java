package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.proto.SnapshotTakenRecord;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    private SnapshotOptions options = new SnapshotOptions();

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        SnapshotTakenRecord taken = options.take(backend);
        out.println("snapshot of " + taken.replica() + ": state after position " + taken.position() + ", "
                + taken.bytes() + " bytes, SHA-256 of its manifest " + taken.sha256());
        return 0;
    }
}

package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.proto.LogContent;
import io.hermes.proto.Notice;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.UndecodableException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hermes skip}: gives one request up. */
@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        description =
                "Gives the request at a position up: every replica, and every replay, answers it with 502 and never gives"
                        + " it to the app. For a request that crashes the app at every try, at which the replicas have halted.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"})
final class SkipCommand extends OperatorCommand {

    private static final Duration LOOK = Duration.ofSeconds(5);

    @Parameters(paramLabel = "POSITION", description = "of the request, as the halted replica names it")
    private long position;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason was given",
            description = "part of the answer that clients get")
    private String reason = "";

    @Option(
            names = "--force",
            description = "also if a replica has executed the request: it will begin anew without it, and answers that"
                    + " clients were given since may no longer fit")
    private boolean force;

    @Override
    void check() {
        if (position < 1) {
            throw new ConfigException("POSITION is " + position + ", wanted that of a request (see './hermes log')");
        }
    }

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        RequestRecord request = request(backend);
        refuseIfExecuted(backend);
        long at = OneRecord.append(
                backend,
                new SkipRecord(position, reason),
                "; it may have been ordered all the same, see './hermes log'");
        out.println("given up: " + request.request().method() + " "
                + request.request().target() + " (request "
                + request.identity().id().text() + ") at position " + position + ", by the record at position " + at);
        return 0;
    }

    private RequestRecord request(LogBackend backend) throws UndecodableException {
        try (LogReader reader = backend.log().openReader(new Position(position - 1))) {
            List<LogRecord> records = reader.read(1, LOOK);
            if (records.isEmpty() || records.get(0).position().value() != position) {
                throw new IllegalStateException("no record stands at position " + position + " (see './hermes log')");
            }
            LogContent content = RecordCodec.decode(records.get(0).bytes());
            if (content instanceof RequestRecord request) {
                return request;
            }
            throw new IllegalStateException("what stands at position " + position + " is no request");
        }
    }

    private void refuseIfExecuted(LogBackend backend) throws InterruptedException {
        Board board = Board.look(backend.bulletin());
        String executed = board.replicas().stream()
                .filter(replica -> board.isAlive(replica) && replica.appliedThrough() >= position)
                .map(Notice.OfReplica::replica)
                .collect(Collectors.joining(", "));
        if (!executed.isEmpty() && !force) {
            throw new IllegalStateException(executed + " could execute the request at position " + position
                    + ": rather start the halted replicas again, or see --force in './hermes skip --help'");
        }
    }
}

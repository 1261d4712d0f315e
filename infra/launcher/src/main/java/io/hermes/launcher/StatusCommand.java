package io.hermes.launcher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hermes.log.LogBackend;
import io.hermes.proto.Notice;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes status}: who is there, and how far. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows replicas and ingresses: states, positions, lags, incarnations. Takes some seconds, to tell who"
                        + " is alive from who was.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed, or no replica serves", "2:usage"})
final class StatusCommand extends OperatorCommand {

    private static final long TAIL_SECONDS = 10;

    @Option(names = "--json", description = "one JSON object, for scripts")
    private boolean json;

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        Board board = Board.look(backend.bulletin());
        long tail = backend.log().tail().get(TAIL_SECONDS, TimeUnit.SECONDS).value();
        if (json) {
            out.println(json(board, tail, backend.log().identity()));
        } else {
            print(board, tail, backend.log().identity(), out);
        }
        boolean serves = board.replicas().stream()
                .anyMatch(replica -> board.isAlive(replica) && replica.state() == io.hermes.proto.ReplicaState.SERVING);
        return serves ? 0 : 1;
    }

    private static void print(Board board, long tail, String identity, PrintWriter out) {
        out.println("log " + identity + ", last position " + tail);
        board.latest()
                .ifPresent(replica ->
                        out.println("settings of revision " + replica.reads().settingsRevision() + ", replicas "
                                + (replica.divergence().replicas().isEmpty()
                                        ? "not listed"
                                        : String.join(", ", replica.divergence().replicas()))));
        List<List<String>> replicas = new ArrayList<>();
        replicas.add(List.of("REPLICA", "STATE", "APPLIED", "LAG", "APP STARTS", "SNAPSHOT", "RUN", ""));
        for (Notice.OfReplica replica : board.replicas()) {
            replicas.add(List.of(
                    replica.replica(),
                    board.isAlive(replica) ? replica.state().name() : "SILENT",
                    Long.toString(replica.appliedThrough()),
                    Long.toString(Math.max(0, tail - replica.appliedThrough())),
                    Long.toString(replica.appIncarnations()),
                    replica.snapshots().position() == 0
                            ? "-"
                            : Long.toString(replica.snapshots().position()),
                    replica.incarnation().value(),
                    replica.reason().isEmpty() ? replica.divergence().alarm() : replica.reason()));
        }
        table(replicas, out);
        List<List<String>> ingresses = new ArrayList<>();
        ingresses.add(List.of("INGRESS", "STATE", "RUN", ""));
        for (Notice.OfIngress ingress : board.ingresses()) {
            ingresses.add(List.of(
                    ingress.ingress(),
                    !board.isAlive(ingress) ? "SILENT" : ingress.ready() ? "READY" : "NOT READY",
                    ingress.incarnation().value(),
                    ingress.reason()));
        }
        table(ingresses, out);
    }

    static void table(List<List<String>> rows, PrintWriter out) {
        int columns = rows.get(0).size();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                line.append(row.get(column))
                        .append(" ".repeat(width - row.get(column).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String json(Board board, long tail, String identity) {
        ObjectNode json = JsonLine.object().put("log", identity).put("lastPosition", tail);
        ArrayNode replicas = json.putArray("replicas");
        for (Notice.OfReplica replica : board.replicas()) {
            replicas.addObject()
                    .put("replica", replica.replica())
                    .put("state", board.isAlive(replica) ? replica.state().name() : "SILENT")
                    .put("appliedThrough", replica.appliedThrough())
                    .put("lag", Math.max(0, tail - replica.appliedThrough()))
                    .put("appIncarnations", replica.appIncarnations())
                    .put("incarnation", replica.incarnation().value())
                    .put("logTimeMillis", replica.logTimeMillis())
                    .put("settingsRevision", replica.reads().settingsRevision())
                    .put(
                            "settingsReplicas",
                            String.join(",", replica.divergence().replicas()))
                    .put("snapshotPosition", replica.snapshots().position())
                    .put("snapshotBytes", replica.snapshots().bytes())
                    .put("olderSnapshotPosition", replica.snapshots().olderPosition())
                    .put("reason", replica.reason())
                    .put("window", replica.divergence().ordinals())
                    .put("equalWindows", replica.divergence().equalBelow())
                    .put("divergence", replica.divergence().alarm());
        }
        ArrayNode ingresses = json.putArray("ingresses");
        for (Notice.OfIngress ingress : board.ingresses()) {
            ingresses
                    .addObject()
                    .put("ingress", ingress.ingress())
                    .put("state", !board.isAlive(ingress) ? "SILENT" : ingress.ready() ? "READY" : "NOT READY")
                    .put("incarnation", ingress.incarnation().value())
                    .put("reason", ingress.reason());
        }
        return JsonLine.of(json);
    }
}

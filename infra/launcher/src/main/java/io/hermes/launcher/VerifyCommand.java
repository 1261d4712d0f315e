package io.hermes.launcher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.proto.CloseWindowRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.Notice;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.UndecodableException;
import io.hermes.proto.WindowDigestRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes verify}: compares the replicas now. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Compares the replicas now: ends the present window of answers at one position in all of them, and waits for"
                        + " what each of them answered in it. Earlier windows were compared when they ended.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all are equal", "1:they differ, one is missing, or failed", "2:usage"})
final class VerifyCommand extends OperatorCommand {

    private static final int BATCH_BYTES = 1 << 20;
    private static final Duration WAIT = Duration.ofMillis(200);

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long to wait for the replicas (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Option(names = "--json", description = "one JSON object, for scripts")
    private boolean json;

    /** One line of the answer; no digest if the replica did not tell one that can be compared. */
    private record Line(String replica, @Nullable WindowDigestRecord digest, boolean equal) {}

    @Override
    void check() {
        if (timeoutSeconds < 1) {
            throw new ConfigException("--timeout is " + timeoutSeconds + ", wanted at least 1");
        }
    }

    @Override
    int run(LogBackend backend, PrintWriter out) throws Exception {
        Board board = Board.look(backend.bulletin());
        if (board.replicas().isEmpty()) {
            throw new IllegalStateException("no replica is known");
        }
        List<Notice.OfReplica> serving = board.replicas().stream()
                .filter(replica -> replica.state() == ReplicaState.SERVING && board.isAlive(replica))
                .toList();
        if (serving.isEmpty()) {
            throw new IllegalStateException("no replica serves: ./hermes status says what they wait for");
        }
        // A version that does not know this record would stop at it; one that does not serve yet cannot say.
        for (Notice.OfReplica replica : serving) {
            if (replica.divergence().ordinals() == 0) {
                throw new IllegalStateException(replica.replica()
                        + " does not compare answers: set settings.window, and raise settings.revision, once all replicas run"
                        + " this version");
            }
        }
        Set<String> replicas = wanted(board);
        long position = append(backend);
        Map<String, WindowDigestRecord> digests = await(backend, position, replicas);
        List<Line> lines = compare(replicas, digests);
        boolean equal = lines.stream().allMatch(Line::equal);
        if (json) {
            out.println(json(position, lines, equal));
        } else {
            print(position, lines, equal, out);
        }
        return equal ? 0 : 1;
    }

    /** Those that the settings list, there or not, and whoever else is alive; all that the board knows if none is listed. */
    private static Set<String> wanted(Board board) {
        Set<String> listed = board.latest()
                .map(replica -> Set.copyOf(replica.divergence().replicas()))
                .orElse(Set.of());
        Set<String> wanted = new TreeSet<>(listed);
        board.replicas().stream()
                .filter(replica -> listed.isEmpty() || board.isAlive(replica))
                .forEach(replica -> wanted.add(replica.replica()));
        return wanted;
    }

    private static long append(LogBackend backend) throws Exception {
        String by = Incarnations.begin("verify").value();
        return OneRecord.append(backend, new CloseWindowRecord(by), "");
    }

    private Map<String, WindowDigestRecord> await(LogBackend backend, long position, Set<String> replicas)
            throws Exception {
        Map<String, WindowDigestRecord> digests = new TreeMap<>();
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        try (LogReader reader = backend.log().openReader(new Position(position))) {
            while (System.nanoTime() - endNanos < 0 && !digests.keySet().containsAll(replicas)) {
                for (LogRecord record : reader.read(BATCH_BYTES, WAIT)) {
                    WindowDigestRecord digest = digest(record);
                    if (digest != null && digest.through() == position) {
                        digests.put(digest.replica(), digest);
                    }
                }
            }
        }
        return digests;
    }

    private static @Nullable WindowDigestRecord digest(LogRecord record) {
        try {
            LogContent content = RecordCodec.decode(record.bytes());
            return content instanceof WindowDigestRecord digest ? digest : null;
        } catch (UndecodableException e) {
            return null;
        }
    }

    private static List<Line> compare(Set<String> replicas, Map<String, WindowDigestRecord> digests) {
        List<Line> lines = new ArrayList<>();
        for (String replica : replicas) {
            WindowDigestRecord digest = digests.get(replica);
            // Equal to more than half of those that are there, or to all others.
            long alike = digests.values().stream()
                    .filter(other -> digest != null && digest.isComparable(other) && digest.isEqual(other))
                    .count();
            lines.add(new Line(replica, digest, digest != null && alike * 2 > replicas.size()));
        }
        return lines;
    }

    private static void print(long position, List<Line> lines, boolean equal, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("REPLICA", "POSITION", "REQUESTS", "DIGEST", "EQUAL"));
        for (Line line : lines) {
            WindowDigestRecord digest = line.digest();
            rows.add(
                    digest == null
                            ? List.of(line.replica(), "-", "-", "missing", "no")
                            : List.of(
                                    line.replica(),
                                    Long.toString(digest.through()),
                                    Integer.toString(digest.ordinals()),
                                    digest.digest().isKnown() ? digest.digest().toString() : "unknown",
                                    line.equal() ? "yes" : "no"));
        }
        StatusCommand.table(rows, out);
        out.println(
                equal ? "all equal through position " + position : "not all are equal through position " + position);
    }

    private static String json(long position, List<Line> lines, boolean equal) {
        ObjectNode json = JsonLine.object().put("position", position).put("equal", equal);
        ArrayNode replicas = json.putArray("replicas");
        for (Line line : lines) {
            ObjectNode replica = replicas.addObject().put("replica", line.replica());
            WindowDigestRecord digest = line.digest();
            if (digest != null) {
                replica.put("window", digest.window())
                        .put("ordinals", digest.ordinals())
                        .put("appVersion", digest.appVersion())
                        .put("digest", digest.digest().toString());
            }
            replica.put("equal", line.equal());
        }
        return JsonLine.of(json);
    }
}

package io.hermes.bench;

import io.hermes.applier.AppAnswer;
import io.hermes.applier.DuplicateTable;
import io.hermes.proto.Answer;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.Header;
import io.hermes.proto.Identity;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import io.hermes.proto.UndecodableException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How much heap a full duplicate table takes, while it is filled, written into a checkpoint and read back: what an applier has to have. Run
 * with a small {@code -Xmx}, it tells whether that is enough.
 */
public final class DuplicateTableMemory {

    private static final String PRINCIPAL = "0123456789abcdef0123456789abcdef";

    private DuplicateTableMemory() {}

    /**
     * Fills, writes and reads one table, and prints what it took.
     *
     * @param args how many requests, the bound of their answers in bytes, how many bytes an answer has, and {@code principals} if clients have them
     * @throws UndecodableException never
     */
    public static void main(String[] args) throws UndecodableException {
        int entries = Integer.parseInt(args[0]);
        long answerBytesMax = Long.parseLong(args[1]);
        int answerBytes = Integer.parseInt(args[2]);
        String principal = args.length > 3 ? PRINCIPAL : "";
        long before = usedBytes();
        DuplicateTable table = new DuplicateTable();
        table.toSettings(
                new Settings(1, 1, entries, Duration.ofHours(24), 1_000_000, Duration.ofMinutes(10), answerBytesMax));
        for (int number = 1; number <= entries; number++) {
            deliver(table, request(number, principal), answerBytes);
        }
        tell("table", usedBytes() - before, entries);
        long startNanos = System.nanoTime();
        byte[] bytes = CheckpointCodec.encode(checkpoint(table));
        tell("checkpoint", bytes.length, entries);
        System.out.printf(Locale.ROOT, "encoded in %d ms%n", (System.nanoTime() - startNanos) / 1_000_000);
        if (table.size() != entries) {
            throw new IllegalStateException(table.size() + " requests");
        }
        table = new DuplicateTable();
        startNanos = System.nanoTime();
        table.restore(CheckpointCodec.decode(bytes));
        System.out.printf(Locale.ROOT, "restored in %d ms%n", (System.nanoTime() - startNanos) / 1_000_000);
        bytes = new byte[0];
        tell("restored table", usedBytes() - before - bytes.length, entries);
        if (table.size() != entries) {
            throw new IllegalStateException(table.size() + " requests");
        }
    }

    /** As an applier gets it: decoded, so that no two requests share anything. */
    private static RequestRecord request(int number, String principal) throws UndecodableException {
        RequestRecord sample = Samples.named(number, number - 1);
        RequestId key = new RequestId.Key(principal, String.format(Locale.ROOT, "order-%034d", number));
        RequestRecord named = new RequestRecord(
                new Identity(sample.correlation(), key, principal),
                sample.request(),
                sample.logTimeMillis(),
                sample.seed(),
                sample.traceParent(),
                sample.route(),
                sample.seenThrough(),
                sample.lowestUnfinished());
        return (RequestRecord) RecordCodec.decode(RecordCodec.encode(named));
    }

    private static void deliver(DuplicateTable table, RequestRecord record, int answerBytes) {
        boolean first = table.deliver(record.correlation().number(), record, Samples.TIME_MILLIS)
                .match(
                        entry -> {
                            table.remember(entry, new AppAnswer(answer(answerBytes)));
                            return true;
                        },
                        repeat -> false,
                        different -> false,
                        () -> false);
        if (!first) {
            throw new IllegalStateException("no first one: " + record.correlation());
        }
    }

    private static Answer answer(int bytes) {
        return new Answer(
                200,
                List.of(
                        new Header(new String("Content-Type".toCharArray()), new String("text/plain".toCharArray())),
                        new Header(new String("X-Served-By".toCharArray()), new String("the service".toCharArray()))),
                new byte[bytes]);
    }

    private static Checkpoint checkpoint(DuplicateTable table) {
        return new Checkpoint(
                "log",
                1,
                1,
                Samples.TIME_MILLIS,
                0,
                false,
                table.settings(),
                null,
                List.of(),
                table.rows(),
                table.entries());
    }

    private static long usedBytes() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void tell(String what, long bytes, int entries) {
        System.out.printf(Locale.ROOT, "%s: %.1f MiB, %d bytes a request%n", what, bytes / 1048576.0, bytes / entries);
    }
}

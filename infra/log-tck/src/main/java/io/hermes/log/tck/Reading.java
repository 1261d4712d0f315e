package io.hermes.log.tck;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Reads logs for tests. */
final class Reading {

    private static final int BATCH_BYTES = 1 << 20;

    private final Supplier<Duration> patience;

    Reading(Supplier<Duration> patience) {
        this.patience = patience;
    }

    /** The first records after a position, waiting until there are so many. */
    List<LogRecord> read(OrderedLog log, Position after, int count) {
        try (LogReader reader = log.openReader(after)) {
            return read(reader, count);
        }
    }

    /** The next records, waiting until there are so many. */
    List<LogRecord> read(LogReader reader, int count) {
        List<LogRecord> records = new ArrayList<>();
        Awaitility.await(count + " records")
                .pollDelay(Duration.ZERO)
                .atMost(patience.get())
                .pollInSameThread()
                .until(() -> {
                    records.addAll(reader.read(BATCH_BYTES, Duration.ofMillis(100)));
                    return records.size() >= count;
                });
        return records;
    }

    /** Every record up to the one with this text, which a test appends as the last. */
    List<LogRecord> readUntil(LogReader reader, String last) {
        List<LogRecord> records = new ArrayList<>();
        Awaitility.await("record '" + last + "'")
                .pollDelay(Duration.ZERO)
                .atMost(patience.get())
                .pollInSameThread()
                .until(() -> {
                    records.addAll(reader.read(BATCH_BYTES, Duration.ofMillis(100)));
                    return records.stream().anyMatch(record -> text(record).equals(last));
                });
        return records;
    }

    static List<String> texts(List<LogRecord> records) {
        return records.stream().map(Reading::text).toList();
    }

    static String text(LogRecord record) {
        return new String(record.bytes(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

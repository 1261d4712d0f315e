package io.hermes.log.tck;

import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * Reads logs for tests. What has to be read is bounded by a record that is appended last, not by a count: so a log that loses
 * a record fails the tests which say that none is lost, and no others.
 */
final class Reading {

    private static final int BATCH_BYTES = 1 << 20;
    private static final String END = "end ";

    private final Supplier<Duration> patience;
    private final Outcomes outcomes;
    private int ends;

    Reading(Supplier<Duration> patience, Outcomes outcomes) {
        this.patience = patience;
        this.outcomes = outcomes;
    }

    /** All records that are in the log now and stand after a position. */
    List<LogRecord> toEnd(OrderedLog log, Position after) {
        try (LogReader reader = log.openReader(after)) {
            return toEnd(log, reader);
        }
    }

    /** All records that are in the log now and that the reader has not delivered yet. */
    List<LogRecord> toEnd(OrderedLog log, LogReader reader) {
        String end = END + ends++;
        outcomes.appendPatiently(log, () -> end);
        return until(reader, end).stream()
                .filter(record -> !text(record).startsWith(END))
                .toList();
    }

    /** The next records up to the one with this text. */
    List<LogRecord> until(LogReader reader, String last) {
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

    static List<Position> positions(List<LogRecord> records) {
        return records.stream().map(LogRecord::position).toList();
    }

    /** Which bytes stand where, whatever the order of delivery. */
    static SortedMap<Position, String> byPosition(List<LogRecord> records) {
        SortedMap<Position, String> texts = new TreeMap<>();
        records.forEach(record -> texts.put(record.position(), text(record)));
        return texts;
    }

    static String text(LogRecord record) {
        return new String(record.bytes(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

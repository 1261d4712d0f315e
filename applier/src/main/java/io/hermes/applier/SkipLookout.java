package io.hermes.applier;

import io.hermes.log.LogException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.UndecodableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for requests that an operator gave up, in the log beyond a request that cannot be applied. Owned by the loop's thread.
 */
final class SkipLookout {

    private final OrderedLog log;
    private final int batchBytesMax;
    private long after;
    private @Nullable LogReader reader;

    SkipLookout(OrderedLog log, int batchBytesMax) {
        this.log = log;
        this.batchBytesMax = batchBytesMax;
    }

    void startAfter(long position) {
        close();
        after = position;
    }

    /** The positions given up, with the reasons, that stand in the log since the last call. */
    Map<Long, String> lookAhead() {
        Map<Long, String> found = new TreeMap<>();
        try {
            if (reader == null) {
                reader = log.openReader(new Position(after));
            }
            List<LogRecord> batch;
            do {
                batch = reader.read(batchBytesMax, Duration.ZERO);
                batch.forEach(record -> add(record, found));
            } while (!batch.isEmpty());
        } catch (LogException e) {
            // Out of reach, or truncated: another look follows, from the start.
            close();
        }
        return found;
    }

    void close() {
        LogReader current = reader;
        reader = null;
        if (current != null) {
            current.close();
        }
    }

    private static void add(LogRecord record, Map<Long, String> found) {
        try {
            if (RecordCodec.decode(record.bytes()) instanceof SkipRecord skip) {
                found.putIfAbsent(skip.position(), skip.reason());
            }
        } catch (UndecodableException e) {
            // Whoever applies it says so; it skips nothing.
            return;
        }
    }
}

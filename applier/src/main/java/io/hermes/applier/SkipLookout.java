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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for requests that an operator gave up, in the log beyond a request that cannot be applied. Owned by the loop's thread.
 */
final class SkipLookout {

    private static final long TAIL_SECONDS = 5;
    private static final Duration READ_WAIT = Duration.ofMillis(100);
    private static final int EMPTY_READS_MAX = 30;

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

    /** The positions given up, with the reasons, that stand in the log since the last call. Takes some seconds at most. */
    Map<Long, String> lookAhead() {
        Map<Long, String> found = new TreeMap<>();
        try {
            long tail = log.tail().get(TAIL_SECONDS, TimeUnit.SECONDS).value();
            if (reader == null && tail > after) {
                reader = log.openReader(new Position(after));
            }
            LogReader current = reader;
            // A reader that was just opened may have nothing to give at first.
            for (int empty = 0; current != null && after < tail && empty < EMPTY_READS_MAX; ) {
                List<LogRecord> batch = current.read(batchBytesMax, READ_WAIT);
                empty = batch.isEmpty() ? empty + 1 : 0;
                for (LogRecord record : batch) {
                    add(record, found);
                    after = record.position().value();
                }
            }
        } catch (LogException | ExecutionException | TimeoutException e) {
            // Out of reach, or truncated: another look follows, with another reader.
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
            // A skip of what stands behind it is void.
            if (RecordCodec.decode(record.bytes()) instanceof SkipRecord skip
                    && skip.position() < record.position().value()) {
                found.putIfAbsent(skip.position(), skip.reason());
            }
        } catch (UndecodableException e) {
            // Whoever applies it says so; it skips nothing.
            return;
        }
    }
}

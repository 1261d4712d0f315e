package io.hermes.applier;

import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import java.time.Duration;
import java.util.List;

/**
 * Delivers what follows a snapshot or another checkpoint, after it has seen that the record at its position is the one that it
 * knows: a log that was cut off and went on otherwise has another there.
 */
final class AnchoredReader implements LogReader {

    private final LogReader reader;
    private final long position;
    private final String recordSha256;
    private final Runnable onAnchored;
    private final Runnable onForeign;
    private boolean anchored;

    private AnchoredReader(
            LogReader reader, long position, String recordSha256, Runnable onAnchored, Runnable onForeign) {
        this.reader = reader;
        this.position = position;
        this.recordSha256 = recordSha256;
        this.onAnchored = onAnchored;
        this.onForeign = onForeign;
    }

    /**
     * Opens a reader.
     *
     * @param position of the checkpoint, 1 or more
     * @param recordSha256 of the record there
     * @param onAnchored called when that record was seen, before anything behind it is delivered
     * @param onForeign called before {@link #read} throws because of another record
     */
    static AnchoredReader open(
            OrderedLog log, long position, String recordSha256, Runnable onAnchored, Runnable onForeign) {
        return new AnchoredReader(
                log.openReader(new Position(position - 1)), position, recordSha256, onAnchored, onForeign);
    }

    @Override
    public List<LogRecord> read(int bytesMax, Duration maxWait) {
        List<LogRecord> batch = reader.read(bytesMax, maxWait);
        if (anchored || batch.isEmpty()) {
            return batch;
        }
        LogRecord first = batch.get(0);
        if (first.position().value() != position
                || !Digests.ofBytes(first.bytes()).equals(recordSha256)) {
            onForeign.run();
            throw new LogLostException(
                    "the log holds another record at position " + first.position()
                            + " than what was applied through position " + position
                            + ": the log was cut off, what was kept of that time is of no use",
                    null);
        }
        anchored = true;
        onAnchored.run();
        return batch.subList(1, batch.size());
    }

    @Override
    public void close() {
        reader.close();
    }
}

package io.hermes.launcher;

import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.Position;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Incarnation;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The records between two positions of the log, in their order. */
final class LogSpan {

    private static final int BATCH_BYTES = 1 << 20;
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final long SILENCE_NANOS_MAX = 60_000_000_000L;

    private LogSpan() {}

    /** Takes records that this version can read. */
    interface Sink {
        void take(LogRecord record, LogContent content) throws IOException;
    }

    /**
     * Where the log ends now: everything that was acknowledged before is at or before that position.
     *
     * @throws IllegalStateException if the log takes no record
     */
    static long end(LogBackend backend, Incarnation run, long number) throws Exception {
        BarrierRecord barrier = new BarrierRecord(new CorrelationId(run, number), ReplyRoute.NOBODY, 0);
        return OneRecord.append(backend, barrier, "");
    }

    /**
     * Reads them. Bytes that no version can read are passed over.
     *
     * @param after exclusive
     * @param through inclusive; a record stands there
     * @throws IllegalStateException if the log does not answer, has forgotten some of them, or only a later version can read them
     */
    static void forEach(LogBackend backend, long after, long through, Sink sink) throws IOException {
        long last = after;
        long silenceNanos = System.nanoTime() + SILENCE_NANOS_MAX;
        try (LogReader reader = backend.log().openReader(new Position(after))) {
            while (last < through) {
                List<LogRecord> batch = reader.read(BATCH_BYTES, WAIT);
                for (LogRecord record : batch) {
                    last = record.position().value();
                    if (last <= through) {
                        take(record, sink);
                    }
                }
                long now = System.nanoTime();
                if (!batch.isEmpty()) {
                    silenceNanos = now + SILENCE_NANOS_MAX;
                } else if (now - silenceNanos >= 0) {
                    throw new IllegalStateException("the log does not answer: nothing after position " + last
                            + " within 60 s, and it goes on to " + through);
                }
            }
        } catch (LogTrimmedException e) {
            throw new IllegalStateException(
                    "the log has forgotten what follows position " + after + " (" + e.getMessage() + ")", e);
        }
    }

    private static void take(LogRecord record, Sink sink) throws IOException {
        try {
            sink.take(record, RecordCodec.decode(record.bytes()));
        } catch (UndecodableException e) {
            if (e.isOfLaterVersion()) {
                throw new IllegalStateException(
                        "position " + record.position() + " holds " + e.getMessage()
                                + ": use the version of Hermes that the replicas run",
                        e);
            }
        }
    }
}

package io.hermes.log.tck;

import io.hermes.log.AppendOutcome;
import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.ReplyBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Breaks one promise of a log that keeps them all, so that the suite can be seen to notice. */
public final class FaultyLogBackend implements LogBackend {

    private static final int EVERY = 10;

    private final LogBackend sound;
    private final Fault fault;
    private final AtomicInteger readers;
    private final AtomicInteger appends = new AtomicInteger();

    /**
     * Wraps a backend.
     *
     * @param sound keeps all promises; closed with this one
     * @param fault what goes wrong
     * @param readers counts the readers of all backends of one log
     */
    public FaultyLogBackend(LogBackend sound, Fault fault, AtomicInteger readers) {
        this.sound = sound;
        this.fault = fault;
        this.readers = readers;
    }

    @Override
    public OrderedLog log() {
        return new FaultyLog(sound.log());
    }

    @Override
    public ReplyBus replies() {
        return sound.replies();
    }

    @Override
    public Bulletin bulletin() {
        return sound.bulletin();
    }

    @Override
    public void close() {
        sound.close();
    }

    private boolean strikes(Fault wanted) {
        return fault == wanted && appends.incrementAndGet() % EVERY == 0;
    }

    private final class FaultyLog implements OrderedLog {
        private final OrderedLog log;

        FaultyLog(OrderedLog log) {
            this.log = log;
        }

        @Override
        public CompletableFuture<AppendOutcome> append(byte[] record) {
            if (strikes(Fault.LOSES)) {
                // Says a position that is true for another record.
                return log.tail().thenApply(AppendOutcome.Appended::new);
            }
            if (strikes(Fault.REPEATS)) {
                var unused = log.append(record.clone());
            }
            if (strikes(Fault.ALTERS) && record.length > 0) {
                byte[] altered = record.clone();
                altered[altered.length / 2] ^= 1;
                return log.append(altered);
            }
            if (fault == Fault.LIES && record.length > log.recordBytesMax()) {
                var unused = log.append(Arrays.copyOf(record, 3));
            }
            return log.append(record);
        }

        @Override
        public LogReader openReader(Position after) {
            return new FaultyReader(log, after, readers.incrementAndGet() % 2 == 0);
        }

        @Override
        public CompletableFuture<Void> trimBefore(Position first) {
            return log.trimBefore(first);
        }

        @Override
        public CompletableFuture<Position> tail() {
            return log.tail();
        }

        @Override
        public int recordBytesMax() {
            return log.recordBytesMax();
        }

        @Override
        public String identity() {
            return log.identity();
        }

        @Override
        public void close() {
            log.close();
        }
    }

    private final class FaultyReader implements LogReader {
        private final OrderedLog log;
        private final boolean strikes;
        private LogReader reader;

        FaultyReader(OrderedLog log, Position after, boolean strikes) {
            this.log = log;
            this.strikes = strikes;
            this.reader = log.openReader(after);
        }

        @Override
        public List<LogRecord> read(int bytesMax, Duration maxWait) {
            List<LogRecord> batch;
            try {
                batch = new ArrayList<>(reader.read(bytesMax, maxWait));
            } catch (LogTrimmedException e) {
                if (fault != Fault.FORGETS) {
                    throw e;
                }
                reader.close();
                reader = log.openReader(log.tail().join());
                return List.of();
            }
            if (fault == Fault.REORDERS && strikes && batch.size() > 1) {
                Collections.swap(batch, 0, 1);
            }
            return batch;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}

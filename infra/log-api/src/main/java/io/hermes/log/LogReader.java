package io.hermes.log;

import java.time.Duration;
import java.util.List;

/** Delivers the records of one {@link OrderedLog} in order. Owned by one thread. */
public interface LogReader extends AutoCloseable {

    /**
     * Delivers the next records (clauses L1, L5, L8, L11). While the log is out of reach, batches are empty.
     *
     * @param bytesMax soft bound of a batch's bytes: a first record that alone is longer is delivered all the same
     * @param maxWait the longest wait for a first record; zero returns at once with what is there
     * @return in order; empty if nothing came in time
     * @throws LogTrimmedException if the next record was forgotten: this reader is of no further use
     * @throws LogLostException if the log no longer holds what was delivered (truncated, or another log of the same
     *     name): what was read must be rebuilt
     */
    List<LogRecord> read(int bytesMax, Duration maxWait);

    /** Ends the reader. Idempotent. */
    @Override
    void close();
}

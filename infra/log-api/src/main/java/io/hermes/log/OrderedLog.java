package io.hermes.log;

import java.util.concurrent.CompletableFuture;

/**
 * One replicated, totally ordered log of opaque records. Many processes append concurrently, many read; all readers see
 * the same records in the same order.
 *
 * <p>Contract, clause by clause; the suite {@code LogContract} tests each on every backend:
 *
 * <ul>
 *   <li><b>L1</b> Every reader delivers the records in the same order, at strictly increasing positions. Gaps are legal.
 *   <li><b>L2</b> An append that ended as <i>appended(p)</i> is delivered at p, with exactly the bytes appended, by every
 *       reader opened after a position below p.
 *   <li><b>L3</b> An append called after another one ended as <i>appended</i> gets a higher position, whichever processes
 *       called.
 *   <li><b>L4</b> One call of append adds at most one record, also when the backend's client tries again.
 *   <li><b>L5</b> A reader opened after position p first delivers the first record whose position is greater than p; p
 *       itself need not exist.
 *   <li><b>L6</b> A rejected append is never delivered.
 *   <li><b>L7</b> Appends of several writers at once are all ordered; none blocks its caller.
 *   <li><b>L8</b> After {@code trimBefore(p)} the records from p on remain; a reader that needs a forgotten record is told
 *       so with {@link LogTrimmedException} and never skips silently. Positions are not used again.
 *   <li><b>L9</b> {@code tail()} is a hint: it never lies beyond the last record's position, and it gets there in the end.
 *   <li><b>L10</b> A record of {@code recordBytesMax()} bytes is appended; a longer one is rejected.
 *   <li><b>L11</b> Order and appended records survive a crash of a writer and a restart of the brokers; readers that were
 *       open go on by themselves.
 *   <li><b>L12</b> {@code close()} ends outstanding appends as <i>unknown</i> or <i>appended</i> and later ones as
 *       <i>rejected</i>.
 *   <li><b>L13</b> Where all appends go through one process at a time, it may be replaced at any moment without knowing:
 *       nothing appended is lost or moved by that, appends go on by themselves, and what the replaced one appends later gets
 *       higher positions than what its successor had appended.
 * </ul>
 */
public interface OrderedLog extends AutoCloseable {

    /**
     * Appends one record (L2, L3, L4, L6, L7, L10). Never retries beyond what the broker's client makes idempotent:
     * callers that want to try again after <i>unknown</i> need an id inside the record.
     *
     * <p>Threading: any thread, without blocking. The future completes on a thread of the backend, which must not be
     * blocked: hand longer work over. Bytes belong to the log until the future is done; nobody may change them.
     *
     * @param record the bytes, 0 to {@link #recordBytesMax()} of them
     * @return completes with the outcome, never exceptionally, within the backend's configured delivery timeout
     */
    CompletableFuture<AppendOutcome> append(byte[] record);

    /**
     * Opens a reader (L1, L5, L11). Cheap failures come here, all others from {@link LogReader#read}.
     *
     * @param after exclusive; {@link Position#START} for the whole log
     * @return a reader that its opener closes; owned by one thread
     */
    LogReader openReader(Position after);

    /**
     * Allows the log to forget the records below a position (L8).
     *
     * @param first inclusive: the first record to keep
     * @return completes when the broker knows; exceptionally with {@link LogUnavailableException}: nothing is lost, try
     *     again
     */
    CompletableFuture<Void> trimBefore(Position first);

    /**
     * The position of the last record, as somebody knew it some time ago (L9). Never a proof that nothing follows: for
     * that, append.
     *
     * @return {@link Position#START} if the log is empty; exceptionally with {@link LogUnavailableException}
     */
    CompletableFuture<Position> tail();

    /**
     * The most bytes that one record may have (L10).
     *
     * @return bytes, at least 1
     */
    int recordBytesMax();

    /**
     * What distinguishes this log from every other, also from one of the same name made later. Positions of different
     * identities must not be compared.
     *
     * @return a short printable text
     */
    String identity();

    /** Ends the log's threads and connections, within 10 seconds (L12). Idempotent. */
    @Override
    void close();
}

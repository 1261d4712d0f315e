package io.hermes.log;

/**
 * A delivered record: opaque bytes and the place they hold in the total order.
 *
 * @param position where the record stands; never {@link Position#START}
 * @param bytes the very bytes that were appended; handed over to the reader, nobody else keeps or changes them
 */
@SuppressWarnings("ArrayRecordComponent") // records are moved, never compared
public record LogRecord(Position position, byte[] bytes) {

    /**
     * Checks the position.
     *
     * @param position checked
     * @param bytes not checked
     * @throws IllegalArgumentException if the position is {@link Position#START}
     */
    public LogRecord {
        if (position.equals(Position.START)) {
            throw new IllegalArgumentException("no record stands at the start position");
        }
    }
}

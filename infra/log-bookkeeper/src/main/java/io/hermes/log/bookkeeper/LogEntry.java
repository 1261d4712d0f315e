package io.hermes.log.bookkeeper;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a ledger: records of one group commit, with the position of the first; the others follow without gaps. An entry
 * without records only makes its predecessor visible to readers.
 *
 * @param first position of the first record, or of the next one to come
 * @param records in order
 */
record LogEntry(long first, List<byte[]> records) {

    /** Version, position and count. */
    static final int HEADER_BYTES = 1 + 8 + 4;
    /** Before each record: its length. */
    static final int RECORD_HEADER_BYTES = 4;

    private static final byte VERSION = 1;

    LogEntry {
        records = List.copyOf(records);
    }

    /** The position after the last record. */
    long next() {
        return first + records.size();
    }

    static void writeHeader(ByteBuf to, long first, int count) {
        to.writeByte(VERSION).writeLong(first).writeInt(count);
    }

    static void writeRecord(ByteBuf to, byte[] record) {
        to.writeInt(record.length).writeBytes(record);
    }

    /** The position after an entry's last record, without reading the records. */
    static long nextOf(ByteBuf entry) {
        return firstOf(entry) + entry.getInt(entry.readerIndex() + 9);
    }

    /** The position of an entry's first record. */
    static long firstOf(ByteBuf entry) {
        byte version = entry.getByte(entry.readerIndex());
        if (version != VERSION) {
            throw new IllegalArgumentException("an entry of version " + version + ", wanted " + VERSION
                    + ": install the version of Hermes that the other processes run");
        }
        return entry.getLong(entry.readerIndex() + 1);
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static LogEntry decode(ByteBuf entry) {
        long first = firstOf(entry);
        int count = entry.getInt(entry.readerIndex() + 9);
        List<byte[]> records = new ArrayList<>(Math.min(count, 1024));
        int at = entry.readerIndex() + HEADER_BYTES;
        int end = entry.writerIndex();
        for (int i = 0; i < count; i++) {
            int length = at + RECORD_HEADER_BYTES <= end ? entry.getInt(at) : -1;
            if (length < 0 || length > end - at - RECORD_HEADER_BYTES) {
                throw new IllegalArgumentException(
                        "entry at position " + first + " is damaged: record " + i + " of " + count + " at byte " + at);
            }
            byte[] record = new byte[length];
            entry.getBytes(at + RECORD_HEADER_BYTES, record);
            records.add(record);
            at += RECORD_HEADER_BYTES + length;
        }
        return new LogEntry(first, records);
    }
}

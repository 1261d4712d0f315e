package io.hermes.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One change of a key-value store, as its journal keeps it: length and CRC-32C of what follows, the position, the operation, the
 * key and its length, the value.
 *
 * @param position the highest one applied when the change was made
 * @param operation what is done
 * @param key bytes as characters, as it comes from a request's target
 * @param value of an addition the number, in two's complement
 */
@SuppressWarnings("ArrayRecordComponent") // values are moved, not compared
record KvChange(long position, Operation operation, String key, byte[] value) {

    /** Length and checksum. */
    static final int HEAD_BYTES = 8;

    private static final int FIXED_BYTES = 13;

    /** What a change does. */
    enum Operation {
        PUT('P'),
        DELETE('D'),
        APPEND('A'),
        ADD('+'),
        /** Nothing but its position. */
        NOTE('N');

        private final byte code;

        Operation(char code) {
            this.code = (byte) code;
        }

        static Operation of(byte code) {
            for (Operation operation : values()) {
                if (operation.code == code) {
                    return operation;
                }
            }
            throw new IllegalArgumentException("no operation " + code);
        }
    }

    /** How many bytes a change of a key takes in the journal. */
    static long bytes(String key, int valueBytes) {
        return (long) HEAD_BYTES + FIXED_BYTES + key.length() + valueBytes;
    }

    byte[] encoded() {
        byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer record = ByteBuffer.allocate(Math.toIntExact(bytes(key, value.length)));
        record.position(HEAD_BYTES);
        record.putLong(position)
                .put(operation.code)
                .putInt(keyBytes.length)
                .put(keyBytes)
                .put(value);
        byte[] bytes = record.array();
        record.putInt(0, bytes.length - HEAD_BYTES);
        record.putInt(4, checksum(bytes, HEAD_BYTES));
        return bytes;
    }

    /** Reads what follows the head, whose checksum was right. */
    static KvChange decode(byte[] bytes) {
        ByteBuffer record = ByteBuffer.wrap(bytes);
        long position = record.getLong();
        Operation operation = Operation.of(record.get());
        byte[] key = new byte[record.getInt()];
        record.get(key);
        byte[] value = new byte[record.remaining()];
        record.get(value);
        return new KvChange(position, operation, new String(key, StandardCharsets.ISO_8859_1), value);
    }

    static int checksum(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }
}

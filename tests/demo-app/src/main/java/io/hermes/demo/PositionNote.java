package io.hermes.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Which {@code Hermes-Position} a file of lines holds, and how many of its bytes belong to it: written after the lines, into one
 * of two slots in turn, so that a service that is killed at any instant finds one whole note and cuts off what came after it.
 * Survives the death of the process, not that of the machine: nothing is forced to the disk.
 */
final class PositionNote implements AutoCloseable {

    private static final int SLOT_BYTES = 32;
    private static final int CHECKED_BYTES = 24;
    private static final int SLOTS = 2;

    private final FileChannel file;
    private final boolean fresh;
    private int next;
    private long count;
    private long position;
    private long bytes;

    PositionNote(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        for (int slot = 0; slot < SLOTS; slot++) {
            read(slot);
        }
        fresh = count == 0;
    }

    /** Whether nothing was ever noted: the lines, if there are any, are those of an adopted service. */
    boolean isFresh() {
        return fresh;
    }

    /** The highest position that the lines hold; 0 if they hold none. */
    long position() {
        return position;
    }

    /** How many bytes of the lines' file belong to it. */
    long bytes() {
        return bytes;
    }

    void write(long newPosition, long newBytes) throws IOException {
        count++;
        position = newPosition;
        bytes = newBytes;
        byte[] noted = new byte[SLOT_BYTES];
        ByteBuffer slot = ByteBuffer.wrap(noted);
        slot.putLong(count)
                .putLong(position)
                .putLong(bytes)
                .putLong(checksum(noted))
                .flip();
        while (slot.hasRemaining()) {
            file.write(slot, (long) next * SLOT_BYTES + slot.position());
        }
        next = (next + 1) % SLOTS;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void read(int slot) throws IOException {
        byte[] noted = new byte[SLOT_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(noted);
        int length = file.read(buffer, (long) slot * SLOT_BYTES);
        if (length < SLOT_BYTES || buffer.getLong(CHECKED_BYTES) != checksum(noted) || buffer.getLong(0) <= count) {
            return;
        }
        count = buffer.getLong(0);
        position = buffer.getLong(8);
        bytes = buffer.getLong(16);
        next = (slot + 1) % SLOTS;
    }

    private static long checksum(byte[] slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot, 0, CHECKED_BYTES);
        // Never that of a slot full of zeros.
        return crc.getValue() + 1;
    }
}

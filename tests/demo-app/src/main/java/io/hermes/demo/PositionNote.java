package io.hermes.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that says which position another file has reached, and how many of its bytes belong to that. Two slots are written in
 * turn, each with a checksum: if one is torn, the other one holds what was noted before.
 *
 * <p>A slot is four numbers of 64 bits: count of the notes so far, position, bytes, CRC-32C of those three.
 */
final class PositionNote implements AutoCloseable {

    static final int SLOT_BYTES = 32;
    private static final int CHECKED_BYTES = 24;

    private final FileChannel file;
    private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_BYTES);
    private final CRC32C crc = new CRC32C();
    private long count = -1;
    private long position;
    private long bytes;

    private PositionNote(FileChannel file) {
        this.file = file;
    }

    /** Where the note about a file is. */
    static Path beside(Path noted) {
        return noted.resolveSibling(noted.getFileName() + ".position");
    }

    /** The note in a file; null if there is no file. */
    static @Nullable PositionNote open(Path path) throws IOException {
        if (!Files.exists(path)) {
            return null;
        }
        PositionNote note = new PositionNote(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        note.readSlot(0);
        note.readSlot(1);
        if (note.count < 0) {
            note.close();
            throw new IOException(path + " holds no valid note: remove it, and the position is 0 again");
        }
        return note;
    }

    /** Makes the file. It is there with its first note, or not at all. */
    static PositionNote create(Path path, long position, long bytes) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        FileChannel file = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        PositionNote note = new PositionNote(file);
        note.write(position, bytes);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        return note;
    }

    long position() {
        return position;
    }

    long bytes() {
        return bytes;
    }

    void write(long newPosition, long newBytes) throws IOException {
        count++;
        position = newPosition;
        bytes = newBytes;
        slot.clear();
        slot.putLong(count).putLong(position).putLong(bytes).putLong(checksum());
        slot.flip();
        long start = count % 2 * SLOT_BYTES;
        while (slot.hasRemaining()) {
            file.write(slot, start + slot.position());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void readSlot(int index) throws IOException {
        slot.clear();
        while (slot.hasRemaining()) {
            if (file.read(slot, (long) index * SLOT_BYTES + slot.position()) < 0) {
                return;
            }
        }
        if (slot.getLong(CHECKED_BYTES) == checksum() && slot.getLong(0) > count) {
            count = slot.getLong(0);
            position = slot.getLong(8);
            bytes = slot.getLong(16);
        }
    }

    private long checksum() {
        crc.reset();
        crc.update(slot.duplicate().position(0).limit(CHECKED_BYTES));
        return crc.getValue();
    }
}

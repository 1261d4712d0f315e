package io.hermes.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Lines in a file, by number. Memory holds eight bytes a line: where it begins. Appended lines are in the file after {@link
 * #settle}, in one write, without fsync.
 */
final class LineLog implements AutoCloseable {

    private final FileChannel file;
    private final CRC32C digest = new CRC32C();
    private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
    // Where line i begins, and at the end where the next one will.
    private final LineStarts starts = new LineStarts();
    private long written;

    LineLog(Path path) throws IOException {
        this(path, Long.MAX_VALUE);
    }

    /** Cuts the file off first where it is longer than it may be. */
    LineLog(Path path, long bytesMax) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        file.truncate(bytesMax);
        starts.add(0);
        index();
    }

    int lines() {
        return starts.size() - 1;
    }

    long bytes() {
        return starts.get(lines());
    }

    long digest() {
        return digest.getValue();
    }

    /** Adds a text and a line end; a text with line ends in it becomes several lines. */
    void append(byte[] text) {
        unwritten.writeBytes(text);
        unwritten.write('\n');
        digest.update(text);
        digest.update('\n');
        long at = bytes();
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                starts.add(at + i + 1);
            }
        }
        starts.add(at + text.length + 1);
    }

    /** A line without its end. */
    byte[] line(int index) throws IOException {
        long start = starts.get(index);
        int length = Math.toIntExact(starts.get(index + 1) - start - 1);
        byte[] line = new byte[length];
        if (start >= written) {
            System.arraycopy(unwritten.toByteArray(), Math.toIntExact(start - written), line, 0, length);
            return line;
        }
        settle();
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, start + buffer.position()) < 0) {
                throw new IOException("the file is shorter than it was: line " + index);
            }
        }
        return line;
    }

    void settle() throws IOException {
        if (unwritten.size() > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(unwritten.toByteArray());
            while (bytes.hasRemaining()) {
                written += file.write(bytes, written);
            }
            unwritten.reset();
        }
    }

    @Override
    public void close() throws IOException {
        settle();
        file.close();
    }

    private void index() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (file.read(buffer, written) > 0) {
            buffer.flip();
            digest.update(buffer.duplicate());
            for (int i = 0; i < buffer.limit(); i++) {
                if (buffer.get(i) == '\n') {
                    starts.add(written + i + 1);
                }
            }
            written += buffer.limit();
            buffer.clear();
        }
        if (written != bytes()) {
            // A last line without its end: its writer was cut off.
            unwritten.write('\n');
            digest.update('\n');
            starts.add(written + 1);
        }
    }
}

package io.hermes.loadgen;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines of numbers, written through a buffer of fixed size. A full disk or the bound ends the file, not the run. Owned by
 * the loop's thread.
 */
final class LineFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LINE_BYTES_MAX = 128;

    private final Path path;
    private final long bytesMax;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] digits = new byte[20];

    private int length;
    private long written;
    private String cut = "";

    /**
     * Opens a file.
     *
     * @param append whether lines that are there stay
     * @param bytesMax after which further lines are dropped
     */
    LineFile(Path path, boolean append, long bytesMax) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        this.path = path;
        this.bytesMax = bytesMax;
        this.out = Files.newOutputStream(
                path,
                StandardOpenOption.CREATE,
                append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    void line(long first, long second) {
        put(first);
        buffer[length++] = ' ';
        put(second);
        endLine();
    }

    /** A line of up to five numbers. */
    void line(long[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            if (i > 0) {
                buffer[length++] = ' ';
            }
            put(numbers[i]);
        }
        endLine();
    }

    /** Why lines are missing at the end; empty if none are. */
    String cut() {
        return cut;
    }

    void flush() {
        if (cut.isEmpty()) {
            try {
                out.write(buffer, 0, length);
                written += length;
            } catch (IOException e) {
                cut = path + " is cut off: " + e.getMessage();
            }
        }
        length = 0;
    }

    @Override
    public void close() {
        flush();
        try {
            out.close();
        } catch (IOException e) {
            cut = path + " is cut off: " + e.getMessage();
        }
    }

    private void endLine() {
        buffer[length++] = '\n';
        if (length > BUFFER_BYTES - LINE_BYTES_MAX) {
            flush();
            if (written > bytesMax && cut.isEmpty()) {
                cut = path + " is cut off at its bound of " + (bytesMax >> 20) + " MiB";
            }
        }
    }

    private void put(long number) {
        int at = digits.length;
        long rest = Math.max(0, number);
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        System.arraycopy(digits, at, buffer, length, digits.length - at);
        length += digits.length - at;
    }
}

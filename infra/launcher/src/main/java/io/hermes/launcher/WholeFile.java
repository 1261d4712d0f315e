package io.hermes.launcher;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A text file that is there whole, or as it was before: written beside its place under the name {@code NAME.new}, and moved there once
 * all of it is on disk. Owned by one thread.
 */
final class WholeFile implements AutoCloseable {

    private final Path file;
    private final Path fresh;
    private final FileChannel channel;
    private final BufferedWriter writer;
    private boolean whole;

    /**
     * Begins to write.
     *
     * @param file replaced if it exists
     * @throws IOException naming the file and the reason
     */
    WholeFile(Path file) throws IOException {
        this.file = file;
        this.fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            this.channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(e);
        }
        this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), 1 << 16);
    }

    void line(String text) throws IOException {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Puts the file in its place. */
    void finish() throws IOException {
        try {
            writer.flush();
            channel.force(true);
            channel.close();
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure(e);
        }
        whole = true;
    }

    /** Without {@link #finish}: nothing is left of what was written. */
    @Override
    public void close() throws IOException {
        if (!whole) {
            channel.close();
            Files.deleteIfExists(fresh);
        }
    }

    private IOException failure(IOException cause) {
        String reason = cause instanceof NoSuchFileException
                ? "its directory does not exist"
                : cause instanceof AccessDeniedException ? "permission denied" : String.valueOf(cause.getMessage());
        return new IOException("cannot write " + file + ": " + reason, cause);
    }
}

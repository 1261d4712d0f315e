package io.hermes.demo;

import io.hermes.demo.KvChange.Operation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The changes of a key-value store in a file, each with its position. They are in the file after {@link #settle}, in one write,
 * without fsync. A kill may cut that write short, which leaves whole changes and perhaps a torn one; so state and position
 * always agree.
 *
 * <p>If the file holds much more than the state is worth, it is written anew beside, and moved into place.
 */
final class KvJournal implements AutoCloseable {

    /** A shorter file is not worth writing anew. */
    static final long REWRITTEN_BYTES_MIN = 1 << 20;

    private static final int REWRITTEN_FACTOR = 4;
    private static final byte[] FIRST_BYTES = "hermes-kv-1\n".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final KvState state;
    private final AppliedPosition applied;
    private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
    private FileChannel file;
    private long written;

    private KvJournal(Path path, KvState state, AppliedPosition applied, FileChannel file) throws IOException {
        this.path = path;
        this.state = state;
        this.applied = applied;
        this.file = file;
        this.written = file.size();
    }

    /** Opens or makes the file; what it holds goes into the empty state, its highest position into the other. */
    static KvJournal open(Path path, KvState state, AppliedPosition applied) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.exists(path) || Files.size(path) == 0) {
            return new KvJournal(path, state, applied, writeAnew(path, state, applied));
        }
        long end = replay(path, state, applied);
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE);
        file.truncate(end);
        return new KvJournal(path, state, applied, file);
    }

    /** Takes a change that was made. */
    void add(KvChange change) {
        unwritten.writeBytes(change.encoded());
    }

    void settle() throws IOException {
        if (unwritten.size() == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(unwritten.toByteArray());
        while (bytes.hasRemaining()) {
            written += file.write(bytes, written);
        }
        unwritten.reset();
        if (written > REWRITTEN_BYTES_MIN && written > REWRITTEN_FACTOR * state.liveBytes()) {
            file.close();
            file = writeAnew(path, state, applied);
            written = file.size();
        }
    }

    @Override
    public void close() throws IOException {
        settle();
        file.close();
    }

    private static FileChannel writeAnew(Path path, KvState state, AppliedPosition applied) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        FileChannel file = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        // Not closed: that would close the channel, which is used on.
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
        out.write(FIRST_BYTES);
        long position = applied.highest();
        out.write(new KvChange(position, Operation.NOTE, "", new byte[0]).encoded());
        state.tellTo(position, change -> out.write(change.encoded()));
        out.flush();
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }

    /** Where the last whole change ends. */
    private static long replay(Path path, KvState state, AppliedPosition applied) throws IOException {
        long size = Files.size(path);
        try (InputStream bytes = Files.newInputStream(path);
                DataInputStream in = new DataInputStream(new BufferedInputStream(bytes, 1 << 16))) {
            if (!Arrays.equals(in.readNBytes(FIRST_BYTES.length), FIRST_BYTES)) {
                throw new IOException(path + " is not a journal of kv-server");
            }
            long at = FIRST_BYTES.length;
            while (size - at > KvChange.HEAD_BYTES) {
                int length = in.readInt();
                int checksum = in.readInt();
                long end = at + KvChange.HEAD_BYTES + length;
                if (end > size) {
                    break;
                }
                boolean whole = length > 0;
                byte[] change = in.readNBytes(Math.max(length, 0));
                whole &= checksum == KvChange.checksum(change, 0);
                if (!whole && end < size) {
                    // A kill tears only the end.
                    throw new IOException(path + " is damaged at byte " + at);
                }
                if (!whole) {
                    break;
                }
                KvChange read = KvChange.decode(change);
                state.apply(read);
                applied.raise(read.position());
                at = end;
            }
            return at;
        }
    }
}

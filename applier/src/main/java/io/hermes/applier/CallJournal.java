package io.hermes.applier;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Remembers which requests were given to the app, and which answered, across the death of this process: two numbers in a mapped
 * file, written without a system call. The death of the machine may lose the last of them; so a journal that was written before
 * the machine was started last counts as in doubt.
 *
 * <p>Owned by the loop's thread.
 */
public final class CallJournal implements AutoCloseable {

    private static final int BYTES = 64;
    private static final int CALLED = 0;
    private static final int ANSWERED = 8;
    private static final int BOOT_HIGH = 16;
    private static final int BOOT_LOW = 24;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final MappedByteBuffer bytes;

    private CallJournal(MappedByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Opens a journal, making it if need be.
     *
     * @param file whose folder exists
     * @return the journal as its last user left it
     * @throws IOException if the file cannot be used
     */
    public static CallJournal open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            boolean fresh = channel.size() == 0;
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            UUID boot = bootId();
            boolean rebooted = bytes.getLong(BOOT_HIGH) != boot.getMostSignificantBits()
                    || bytes.getLong(BOOT_LOW) != boot.getLeastSignificantBits();
            CallJournal journal = new CallJournal(bytes);
            if (!fresh && rebooted && journal.calledThrough() == journal.answeredThrough()) {
                // The request after the last one on disk may have been given to the app, too.
                bytes.putLong(CALLED, journal.answeredThrough() + 1);
            }
            bytes.putLong(BOOT_HIGH, boot.getMostSignificantBits());
            bytes.putLong(BOOT_LOW, boot.getLeastSignificantBits());
            bytes.force();
            return journal;
        }
    }

    /** The last request that was given to the app; 0 if none was. */
    long calledThrough() {
        return bytes.getLong(CALLED);
    }

    /** The last request that the app answered; 0 if it answered none. */
    long answeredThrough() {
        return bytes.getLong(ANSWERED);
    }

    void onCall(long position) {
        bytes.putLong(CALLED, position);
        // The call must not leave before the note of it: whatever the compiler would like.
        VarHandle.fullFence();
    }

    void onAnswer(long position) {
        VarHandle.fullFence();
        bytes.putLong(ANSWERED, position);
    }

    /**
     * A person has found out what became of the request in doubt.
     *
     * @param position of the request
     * @param executed whether the app has executed it; if not it is given to the app again
     * @throws IllegalArgumentException if another request, or none, is in doubt
     */
    public void resolve(long position, boolean executed) {
        if (calledThrough() == answeredThrough() || calledThrough() != position) {
            throw new IllegalArgumentException("--resolve " + position + ": "
                    + (calledThrough() == answeredThrough()
                            ? "no request is in doubt"
                            : "the request in doubt is that at position " + calledThrough()));
        }
        if (executed) {
            bytes.putLong(ANSWERED, position);
        } else {
            bytes.putLong(CALLED, answeredThrough());
        }
        bytes.force();
    }

    @Override
    public void close() {
        bytes.force();
    }

    private static UUID bootId() throws IOException {
        if (!Files.isReadable(BOOT_ID)) {
            return new UUID(0, 0);
        }
        return UUID.fromString(
                Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip());
    }
}

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
 * file, written without a system call. The death of the machine may lose the last seconds of them; so a journal that was not closed
 * before the machine was started anew knows only where the app has been at least.
 *
 * <p>Owned by the loop's thread.
 */
public final class CallJournal implements AutoCloseable {

    private static final int BYTES = 64;
    private static final int CALLED = 0;
    private static final int ANSWERED = 8;
    private static final int BOOT_HIGH = 16;
    private static final int BOOT_LOW = 24;
    private static final int CLEAN = 32;
    private static final int REBOOTED = 40;
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
            boolean sameBoot = bytes.getLong(BOOT_HIGH) == boot.getMostSignificantBits()
                    && bytes.getLong(BOOT_LOW) == boot.getLeastSignificantBits();
            if (!fresh && !sameBoot && bytes.getLong(CLEAN) == 0) {
                bytes.putLong(REBOOTED, 1);
            }
            bytes.putLong(CLEAN, 0);
            bytes.putLong(BOOT_HIGH, boot.getMostSignificantBits());
            bytes.putLong(BOOT_LOW, boot.getLeastSignificantBits());
            bytes.force();
            return new CallJournal(bytes);
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

    /** Nothing was sent after all. */
    void onNotSent() {
        bytes.putLong(CALLED, answeredThrough());
    }

    /** The machine was started anew before this journal could be closed: the app may be further than it says. */
    boolean isRebooted() {
        return bytes.getLong(REBOOTED) != 0;
    }

    /**
     * A person has found out what became of the request in doubt.
     *
     * @param position of the request; after a restart of the machine, of the last one that the app has executed
     * @param executed whether the app has executed it; if not it is given to the app again
     * @throws IllegalArgumentException if another request, or none, is in doubt
     */
    public void resolve(long position, boolean executed) {
        if (isRebooted() && executed && position >= answeredThrough()) {
            bytes.putLong(CALLED, position);
            bytes.putLong(ANSWERED, position);
        } else if (isRebooted()) {
            throw new IllegalArgumentException("--resolve " + position + ": the machine was started anew; name the last"
                    + " request that the app has executed, at or after position " + answeredThrough()
                    + ": --resolve LAST=executed");
        } else if (calledThrough() == answeredThrough()) {
            throw new IllegalArgumentException("--resolve " + position + ": no request is in doubt");
        } else if (calledThrough() != position) {
            throw new IllegalArgumentException(
                    "--resolve " + position + ": the request in doubt is that at position " + calledThrough());
        } else if (executed) {
            bytes.putLong(ANSWERED, position);
        } else {
            bytes.putLong(CALLED, answeredThrough());
        }
        bytes.putLong(REBOOTED, 0);
        bytes.force();
    }

    @Override
    public void close() {
        bytes.force();
        bytes.putLong(CLEAN, 1);
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

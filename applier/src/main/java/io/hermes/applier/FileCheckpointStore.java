package io.hermes.applier;

import io.hermes.proto.Checkpoint;
import io.hermes.proto.CheckpointCodec;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints as files {@code checkpoint-POSITION}, each with a checksum, written under another name first. The last three are
 * kept: an app that lost its last seconds when its machine died needs an older one.
 */
public final class FileCheckpointStore implements CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileCheckpointStore.class);

    private static final int KEPT = 3;
    private static final int CHECKSUM_BYTES = 4;
    private static final String PREFIX = "checkpoint-";

    private final Path directory;
    private final Failpoints failpoints;

    /**
     * Makes a store; nothing is read or written yet.
     *
     * @param directory exists
     * @param failpoints passed while a file is written
     */
    public FileCheckpointStore(Path directory, Failpoints failpoints) {
        this.directory = directory;
        this.failpoints = failpoints;
    }

    @Override
    public @Nullable Checkpoint newestThrough(long executedThrough, String logIdentity) {
        for (Path file : files()) {
            Checkpoint checkpoint = read(file);
            if (checkpoint != null
                    && checkpoint.executedThrough() <= executedThrough
                    && checkpoint.logIdentity().equals(logIdentity)) {
                return checkpoint;
            }
        }
        return null;
    }

    @Override
    public boolean isOfAnotherLog(String logIdentity) {
        boolean any = false;
        for (Path file : files()) {
            Checkpoint checkpoint = read(file);
            if (checkpoint != null && checkpoint.logIdentity().equals(logIdentity)) {
                return false;
            }
            any |= checkpoint != null;
        }
        return any;
    }

    @Override
    public void write(Checkpoint checkpoint) {
        byte[] bytes = CheckpointCodec.encode(checkpoint);
        Path fresh = directory.resolve("new-checkpoint");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer[] parts = {
                    ByteBuffer.allocate(CHECKSUM_BYTES)
                            .putInt(checksum(bytes, 0))
                            .flip(),
                    ByteBuffer.wrap(bytes)
                };
                while (parts[1].hasRemaining()) {
                    channel.write(parts);
                }
                channel.force(true);
            }
            failpoints.at(Failpoint.INSIDE_CHECKPOINT);
            Files.move(
                    fresh,
                    directory.resolve(PREFIX + checkpoint.position()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            List<Path> files = files();
            for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            LOG.warn("checkpoint not written position={} reason={}", checkpoint.position(), e.toString());
        }
    }

    /** Newest first. */
    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(PREFIX + "[0-9]{1,19}"))
                    .sorted(Comparator.comparingLong(FileCheckpointStore::position)
                            .reversed())
                    .toList();
        } catch (IOException e) {
            LOG.warn("checkpoints cannot be listed directory={} reason={}", directory, e.toString());
            return List.of();
        }
    }

    private static long position(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(PREFIX.length()));
    }

    private static @Nullable Checkpoint read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length < CHECKSUM_BYTES || ByteBuffer.wrap(bytes).getInt() != checksum(bytes, CHECKSUM_BYTES)) {
                LOG.warn("passing over a damaged checkpoint file={}", file);
                return null;
            }
            return CheckpointCodec.decode(Arrays.copyOfRange(bytes, CHECKSUM_BYTES, bytes.length));
        } catch (IOException | UndecodableException e) {
            LOG.warn("passing over a checkpoint file={} reason={}", file, e.toString());
            return null;
        }
    }

    private static int checksum(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }
}

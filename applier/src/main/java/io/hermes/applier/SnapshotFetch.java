package io.hermes.applier;

import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.Notice;
import io.hermes.proto.SnapshotCodec;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotPiece;
import io.hermes.proto.SnapshotQuestion;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers one snapshot from one peer, piece by piece, a few of them on their way at once. What was gathered is written in order, so
 * that a later try goes on behind it.
 *
 * <p>Stepped by the loop's thread; pieces come on the link's.
 */
final class SnapshotFetch {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetch.class);

    /** Pieces on their way at once. */
    private static final int WINDOW = 4;

    private static final int PIECE_BYTES = SnapshotServer.PIECE_BYTES_MAX;
    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;
    private static final long GIVE_UP_NANOS = 10_000_000_000L;
    private static final long TELL_NANOS = 5_000_000_000L;

    private final ReplicaLink link;
    private final String replyAddress;
    private final Notice.OfReplica peer;
    private final SnapshotStore store;
    private final Path folder;
    private final LongSupplier nanoClock;
    private final long startNanos;

    // The link's thread puts in, the loop's takes out; no more than were asked for.
    private final Queue<SnapshotPiece> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger arrivedCount = new AtomicInteger();

    // All below is owned by the loop's thread.
    private final TreeMap<Long, SnapshotPiece> early = new TreeMap<>();
    private SnapshotPart part = SnapshotPart.MANIFEST;
    private @Nullable SnapshotManifest manifest;
    private @Nullable FileChannel out;
    private long written;
    private long askedThrough;
    private long fetchedBytes;
    private long heardNanos;
    private long askedNanos;
    private long toldNanos;
    private long toldTenths;
    private boolean done;
    private boolean silent;

    /**
     * Begins; nothing is asked yet.
     *
     * @param link to the peer
     * @param replyAddress where pieces go; whoever listens there calls {@link #onPiece}
     * @param peer with a snapshot
     * @param store where it will be
     * @param nanoClock for patience
     * @throws IOException if there is no room for it
     */
    SnapshotFetch(
            ReplicaLink link, String replyAddress, Notice.OfReplica peer, SnapshotStore store, LongSupplier nanoClock)
            throws IOException {
        this.link = link;
        this.replyAddress = replyAddress;
        this.peer = peer;
        this.store = store;
        this.nanoClock = nanoClock;
        this.folder = store.incoming(peer.snapshots().sha256());
        this.startNanos = nanoClock.getAsLong();
        this.heardNanos = startNanos;
        this.toldNanos = startNanos;
        this.askedNanos = startNanos - ASK_AGAIN_NANOS;
    }

    String from() {
        return peer.replica();
    }

    long position() {
        return peer.snapshots().position();
    }

    /** Where it asks. */
    String address() {
        return peer.snapshots().address();
    }

    String sha256() {
        return peer.snapshots().sha256();
    }

    /** For people. */
    String progress() {
        return "fetching the snapshot of position " + position() + " from " + from() + ": " + fetchedBytes + " of "
                + total() + " bytes";
    }

    boolean isDone() {
        return done;
    }

    /** Whether it was given up because the peer said nothing: it may be back soon. */
    boolean isSilent() {
        return silent;
    }

    /** A piece came, or what is none: that is passed over. On the link's thread. */
    void onPiece(byte[] bytes) {
        try {
            onPiece(SnapshotCodec.decodePiece(bytes));
        } catch (UndecodableException e) {
            LOG.warn("passing over an undecodable piece reason={}", e.getMessage());
        }
    }

    private void onPiece(SnapshotPiece piece) {
        // Repeats may come, but never many more than were asked for.
        if (arrivedCount.incrementAndGet() <= 4 * WINDOW) {
            arrived.add(piece);
        } else {
            arrivedCount.decrementAndGet();
        }
    }

    /**
     * Takes what has come and asks for more.
     *
     * @return how many pieces were taken; 0 if the caller may pause
     * @throws IOException if this peer cannot give this snapshot, or it cannot be kept here
     */
    int step() throws IOException {
        int count = 0;
        for (SnapshotPiece next = arrived.poll(); next != null && !done; next = arrived.poll()) {
            arrivedCount.decrementAndGet();
            take(next);
            count++;
        }
        if (!done) {
            ask();
            tell();
        }
        return count;
    }

    void close() {
        FileChannel current = out;
        out = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                LOG.debug("close failed", e);
            }
        }
    }

    private void take(SnapshotPiece piece) throws IOException {
        if (!piece.sha256().equals(sha256()) || piece.part() != part) {
            return;
        }
        if (piece.gone()) {
            throw new IOException(from() + " has the snapshot of position " + position() + " no more");
        }
        heardNanos = nanoClock.getAsLong();
        if (part == SnapshotPart.MANIFEST) {
            onManifest(piece.bytes());
            return;
        }
        if (piece.offset() >= written && piece.offset() < askedThrough) {
            early.put(piece.offset(), piece);
        }
        for (SnapshotPiece next = early.remove(written); next != null; next = early.remove(written)) {
            write(next.bytes());
        }
        nextPartIfWhole();
    }

    private void onManifest(byte[] bytes) throws IOException {
        SnapshotManifest told = SnapshotManifest.decode(bytes);
        if (!told.sha256().equals(sha256()) || told.position() != position()) {
            throw new IOException(from() + " gave another manifest than it announced");
        }
        Files.write(SnapshotStore.file(folder, SnapshotPart.MANIFEST), bytes);
        manifest = told;
        open(SnapshotPart.CHECKPOINT);
        nextPartIfWhole();
    }

    private void open(SnapshotPart next) throws IOException {
        close();
        part = next;
        early.clear();
        Path file = SnapshotStore.file(folder, next);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        out = channel;
        if (channel.size() > size()) {
            channel.truncate(0);
        }
        written = channel.size();
        channel.position(written);
        askedThrough = written;
        fetchedBytes += written;
        askedNanos = nanoClock.getAsLong() - ASK_AGAIN_NANOS;
        if (written > 0) {
            LOG.info("snapshot: going on behind what was fetched before part={} bytes={}", next, written);
        }
    }

    private void nextPartIfWhole() throws IOException {
        while (!done && written == size()) {
            if (part == SnapshotPart.CHECKPOINT) {
                open(SnapshotPart.APP);
            } else {
                close();
                store.adopt(folder);
                done = true;
                LOG.info(
                        "snapshot fetched position={} from={} bytes={} millis={}",
                        position(),
                        from(),
                        total(),
                        (nanoClock.getAsLong() - startNanos) / 1_000_000);
            }
        }
    }

    private void write(byte[] bytes) throws IOException {
        FileChannel channel = out;
        if (channel == null || bytes.length == 0 || written + bytes.length > size()) {
            throw new IOException(from() + " gave " + bytes.length + " bytes at " + written + " of " + size());
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        written += bytes.length;
        fetchedBytes += bytes.length;
        // A piece that was shorter than asked for leaves a gap to what was asked after it.
        if (bytes.length < PIECE_BYTES && written < size()) {
            askedThrough = written;
            early.clear();
        }
    }

    private void ask() throws IOException {
        long now = nanoClock.getAsLong();
        if (now - heardNanos > GIVE_UP_NANOS) {
            silent = true;
            throw new IOException(from() + " does not answer");
        }
        boolean again = now - Math.max(askedNanos, heardNanos) >= ASK_AGAIN_NANOS;
        if (part == SnapshotPart.MANIFEST) {
            if (now - askedNanos >= ASK_AGAIN_NANOS) {
                askedNanos = now;
                ask(0);
            }
            return;
        }
        if (again) {
            askedThrough = written;
        }
        while (askedThrough < size() && askedThrough < written + (long) WINDOW * PIECE_BYTES) {
            askedNanos = now;
            ask(askedThrough);
            askedThrough += PIECE_BYTES;
        }
    }

    private void ask(long offset) {
        link.ask(
                new ReplyAddress(peer.snapshots().address()),
                SnapshotCodec.encode(
                        new SnapshotQuestion(replyAddress, sha256(), position(), part, offset, PIECE_BYTES)));
    }

    private void tell() {
        long now = nanoClock.getAsLong();
        long tenths = total() == 0 ? 0 : fetchedBytes * 10 / total();
        if (now - toldNanos >= TELL_NANOS || tenths > toldTenths) {
            toldNanos = now;
            toldTenths = tenths;
            LOG.info("snapshot: {}", progress());
        }
    }

    private long size() {
        SnapshotManifest known = manifest;
        if (known == null) {
            return 0;
        }
        return part == SnapshotPart.CHECKPOINT
                ? known.checkpoint().bytes()
                : known.app().bytes();
    }

    private long total() {
        return peer.snapshots().bytes();
    }
}

package io.hermes.applier;

import io.hermes.log.Inbox;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.Incarnation;
import io.hermes.proto.SnapshotCodec;
import io.hermes.proto.SnapshotPart;
import io.hermes.proto.SnapshotPiece;
import io.hermes.proto.SnapshotQuestion;
import io.hermes.proto.UndecodableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives snapshots to other replicas, piece by piece, on a thread of its own. Keeps nothing in memory but the piece at hand, and no
 * word of who asks: whoever misses a piece asks again.
 */
final class SnapshotServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotServer.class);

    /** The longest piece. */
    static final int PIECE_BYTES_MAX = 512 * 1024;
    /** Questions waiting at once; more are dropped. */
    private static final int WAITING_MAX = 64;

    private static final long POLL_MILLIS = 500;
    private static final long CLOSE_SECONDS = 5;

    private final ReplicaLink link;
    private final SnapshotStore store;
    private final Failpoints failpoints;
    private final Inbox inbox;
    private final Thread thread;
    private final BlockingQueue<SnapshotQuestion> questions = new ArrayBlockingQueue<>(WAITING_MAX);
    // Written by whoever closes.
    private volatile boolean stopped;

    SnapshotServer(ReplicaLink link, Incarnation incarnation, SnapshotStore store, Failpoints failpoints) {
        this.link = link;
        this.store = store;
        this.failpoints = failpoints;
        this.thread = new Thread(this::run, "applier-snapshots-0");
        this.inbox = link.listen(incarnation.value() + "/snapshots", this::onQuestion);
    }

    String address() {
        return inbox.address().value();
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        stopped = true;
        inbox.close();
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the link's thread. */
    private void onQuestion(byte[] bytes) {
        try {
            if (!questions.offer(SnapshotCodec.decodeQuestion(bytes))) {
                LOG.debug("too many questions for snapshots at once");
            }
        } catch (UndecodableException e) {
            LOG.warn("passing over an undecodable question reason={}", e.getMessage());
        }
    }

    private void run() {
        while (!stopped) {
            try {
                SnapshotQuestion next = questions.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    link.ask(new ReplyAddress(next.replyAddress()), SnapshotCodec.encode(answer(next)));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) { // the loop's edge: whoever misses a piece asks again
                LOG.error("snapshots: going on after a failure", e);
            }
        }
    }

    /** Reads what is asked for. */
    SnapshotPiece answer(SnapshotQuestion question) {
        if (question.part() == SnapshotPart.APP) {
            failpoints.at(Failpoint.INSIDE_SENDING);
        }
        try {
            if (!store.manifest(question.position()).sha256().equals(question.sha256())) {
                return gone(question);
            }
            byte[] bytes = new byte[Math.min(question.bytesMax(), PIECE_BYTES_MAX)];
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            try (FileChannel channel =
                    FileChannel.open(store.file(question.position(), question.part()), StandardOpenOption.READ)) {
                int count = 0;
                while (buffer.hasRemaining() && count >= 0) {
                    count = channel.read(buffer, question.offset() + buffer.position());
                }
            }
            return new SnapshotPiece(
                    question.sha256(),
                    question.part(),
                    question.offset(),
                    Arrays.copyOf(bytes, buffer.position()),
                    false);
        } catch (IOException e) {
            return gone(question);
        }
    }

    private static SnapshotPiece gone(SnapshotQuestion question) {
        return new SnapshotPiece(question.sha256(), question.part(), question.offset(), new byte[0], true);
    }
}

package io.hermes.bench;

import io.hermes.log.AppendOutcome;
import io.hermes.log.Bulletin;
import io.hermes.log.Inbox;
import io.hermes.log.LogBackend;
import io.hermes.log.LogReader;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Orders every record at once and forgets it: what is left is the cost of whoever appends. Any thread. */
final class InstantBackend implements LogBackend {

    private static final ReplyAddress ADDRESS = new ReplyAddress(Samples.ROUTE.address());

    private final Consumer<byte[]> onAppend;
    private final AtomicLong last = new AtomicLong();
    // Set before the first request, by the thread that sets the benchmark up.
    private Consumer<byte[]> onReply = bytes -> {};
    private Bulletin.Watcher watcher = new Nobody();

    /**
     * Makes a backend.
     *
     * @param onAppend shown each record, on the thread that appends it
     */
    InstantBackend(Consumer<byte[]> onAppend) {
        this.onAppend = onAppend;
    }

    void reply(byte[] bytes) {
        onReply.accept(bytes);
    }

    Bulletin.Watcher watcher() {
        return watcher;
    }

    @Override
    public OrderedLog log() {
        return new Log();
    }

    @Override
    public ReplyBus replies() {
        return new Replies();
    }

    @Override
    public Bulletin bulletin() {
        return new Board();
    }

    @Override
    public @Nullable ReplicaLink link() {
        return null;
    }

    @Override
    public void close() {}

    private static final class Nobody implements Bulletin.Watcher {
        @Override
        public void onValue(String key, byte[] value) {}

        @Override
        public void onWithdrawn(String key) {}
    }

    private final class Log implements OrderedLog {

        @Override
        public CompletableFuture<AppendOutcome> append(byte[] record) {
            onAppend.accept(record);
            return CompletableFuture.completedFuture(new AppendOutcome.Appended(new Position(last.incrementAndGet())));
        }

        @Override
        public LogReader openReader(Position after) {
            throw new UnsupportedOperationException("nothing is kept");
        }

        @Override
        public CompletableFuture<Void> trimBefore(Position first) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Position> tail() {
            return CompletableFuture.completedFuture(new Position(last.get()));
        }

        @Override
        public int recordBytesMax() {
            return 1 << 20;
        }

        @Override
        public String identity() {
            return "instant";
        }

        @Override
        public void close() {}
    }

    private final class Replies implements ReplyBus {

        @Override
        public Inbox openInbox(String incarnation, Consumer<byte[]> consumer) {
            onReply = consumer;
            return new Inbox() {
                @Override
                public ReplyAddress address() {
                    return ADDRESS;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void reply(ReplyAddress address, byte[] reply) {}

        @Override
        public void close() {}
    }

    private final class Board implements Bulletin {

        @Override
        public void publish(String key, byte[] value) {}

        @Override
        public void withdraw(String key) {}

        @Override
        public Watch watch(Watcher given) {
            watcher = given;
            return () -> {};
        }

        @Override
        public void close() {}
    }
}

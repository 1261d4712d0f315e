package io.hermes.log.direct;

import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.log.tck.LogFixture;
import org.jspecify.annotations.Nullable;

/** Real sockets for the replies; the log and the board, which are not what is tested, in memory. */
final class DirectFixture implements LogFixture {

    private final MemoryCluster cluster = MemoryCluster.atOnce();

    @Override
    public LogBackend open(String logName) {
        return new WithDirectReplies(
                new MemoryLogBackend(cluster),
                new DirectReplyBus(
                        DirectConfig.of("127.0.0.1", "127.0.0.1", 0), (what, cause) -> {}, System::nanoTime));
    }

    @Override
    public void crash(LogBackend backend) {
        backend.close();
    }

    @Override
    public void restartBrokers() {
        // There is none between the two ends.
    }

    @Override
    public void close() {
        // Each backend closes its own sockets.
    }

    private record WithDirectReplies(LogBackend backend, ReplyBus replies) implements LogBackend {

        @Override
        public OrderedLog log() {
            return backend.log();
        }

        @Override
        public @Nullable ReplicaLink link() {
            return backend.link();
        }

        @Override
        public Bulletin bulletin() {
            return backend.bulletin();
        }

        @Override
        public void close() {
            replies.close();
            backend.close();
        }
    }
}

package io.hermes.bench;

import com.google.protobuf.CodedInputStream;
import io.hermes.ingress.Client;
import io.hermes.ingress.Clocks;
import io.hermes.ingress.IngressConfig;
import io.hermes.ingress.IngressCore;
import io.hermes.ingress.Problem;
import io.hermes.ingress.Submission;
import io.hermes.proto.Answer;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.RequestId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One request through an ingress, from acceptance to its reply, over a log that orders at once: the pending-reply table's three
 * steps (open, find, close) with what surrounds them. The request is encoded and the reply encoded and decoded once each;
 * {@link CodecBenchmark} tells what that costs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExchangeBenchmark {

    private static final int PENDING_MAX = 1 << 18;

    private static final Submission SUBMISSION = new Submission(Samples.REQUEST, null, "", "");

    /** The ingress that all threads share. */
    @State(Scope.Benchmark)
    public static class Shared {

        private final AtomicLong skewNanos = new AtomicLong();
        // The log tells the thread that appends which number it was given.
        private final ThreadLocal<long[]> number = ThreadLocal.withInitial(() -> new long[1]);
        private final InstantBackend backend = new InstantBackend(record -> number.get()[0] = number(record));
        private final IngressCore core = new IngressCore(
                backend,
                config(IngressConfig.of("ingress-0", Samples.INGRESS, "127.0.0.1", 0)),
                new SimpleMeterRegistry(),
                new Clocks(System::currentTimeMillis, () -> System.nanoTime() + skewNanos.get()),
                () -> 7);

        /** Opens the ingress: one replica that serves was heard twice, and a barrier was appended. */
        @Setup
        public void open() {
            core.start();
            tellNotice();
            skewNanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            tellNotice();
            core.tick();
            if (!core.status().ready()) {
                throw new IllegalStateException(core.status().reason());
            }
        }

        /** Checks that nobody is left waiting. */
        @TearDown(Level.Iteration)
        public void check() {
            if (core.status().pending() != 0) {
                throw new IllegalStateException(core.status().pending() + " requests were never answered");
            }
        }

        /** With room for all that one thread does while the other one is kept from its core. */
        private static IngressConfig config(IngressConfig usual) {
            return new IngressConfig(
                    usual.name(),
                    usual.incarnation(),
                    usual.host(),
                    usual.port(),
                    usual.bodyBytesMax(),
                    usual.headerBytesMax(),
                    PENDING_MAX,
                    usual.pendingBytesMax(),
                    usual.connectionsMax(),
                    usual.requestTimeout(),
                    usual.sliceRequests(),
                    usual.noticeStaleAfter(),
                    usual.askAgainAfter(),
                    usual.readPatience(),
                    usual.retryAfter(),
                    usual.principalHeader());
        }

        private void tellNotice() {
            Notice notice = new Notice.OfReplica(
                    Samples.REPLICA,
                    Samples.APPLIER,
                    ReplicaState.SERVING,
                    0,
                    "",
                    1,
                    System.currentTimeMillis(),
                    System.currentTimeMillis(),
                    Notice.Reads.NONE);
            backend.watcher().onValue(notice.key(), NoticeCodec.encode(notice));
        }

        /** The number in the correlation id: the second field of the first field of a request. */
        private static long number(byte[] record) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(record);
                for (int depth = 0; depth < 2; depth++) {
                    in.readTag();
                    in.readRawVarint32();
                }
                in.skipField(in.readTag());
                in.readTag();
                return in.readUInt64();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A client that counts its answers. */
    @State(Scope.Thread)
    public static class Counting implements Client {

        private long answers;

        @Override
        public void reply(RequestId id, Reply reply, String replica) {
            answers++;
        }

        @Override
        public void read(Answer answer, long position, String replica, ReadLevel level) {
            throw new IllegalStateException("read past the log");
        }

        @Override
        public void problem(Problem problem) {
            throw new IllegalStateException("refused: " + problem);
        }
    }

    /**
     * One thread.
     *
     * @param shared the ingress
     * @param client whose request it is
     * @return how many answers the client got
     */
    @Benchmark
    @Threads(1)
    public long oneThread(Shared shared, Counting client) {
        return exchange(shared, client);
    }

    /**
     * Two threads at once, each with a request of its own.
     *
     * @param shared the ingress
     * @param client whose request it is
     * @return how many answers the client got
     */
    @Benchmark
    @Threads(2)
    public long twoThreads(Shared shared, Counting client) {
        return exchange(shared, client);
    }

    private static long exchange(Shared shared, Counting client) {
        long before = client.answers;
        shared.core.accept(SUBMISSION, client);
        long number = shared.number.get()[0];
        shared.backend.reply(ReplyCodec.encode(
                new ReplyBatch(Samples.REPLICA, Samples.APPLIER, number, List.of(Samples.reply(number)))));
        if (client.answers != before + 1) {
            throw new IllegalStateException("no answer to request " + number);
        }
        return client.answers;
    }
}

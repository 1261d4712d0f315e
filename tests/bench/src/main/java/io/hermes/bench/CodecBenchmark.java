package io.hermes.bench;

import io.hermes.proto.Fingerprint;
import io.hermes.proto.Fingerprinter;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.UndecodableException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Values to bytes and back: done once a request by the ingress, and by each replica. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class CodecBenchmark {

    /** A batch of replies. */
    @State(Scope.Thread)
    public static class Replies {

        /** How many answers are in it. */
        @Param({"1", "64"})
        public int answers = 1;

        private ReplyBatch batch = Samples.replies(1);
        private byte[] bytes = ReplyCodec.encode(batch);

        /** Makes the batch. */
        @Setup
        public void fill() {
            batch = Samples.replies(answers);
            bytes = ReplyCodec.encode(batch);
        }
    }

    private final RequestRecord record = Samples.unnamed(123_456, 123_400, 1_000_000);
    private final byte[] recordBytes = RecordCodec.encode(record);
    private final Fingerprinter fingerprinter = new Fingerprinter();

    /**
     * A request, as the ingress appends it.
     *
     * @return the record's bytes
     */
    @Benchmark
    public byte[] encodeRequest() {
        return RecordCodec.encode(record);
    }

    /**
     * A request, as it is delivered to a replica.
     *
     * @return what was appended
     * @throws UndecodableException never
     */
    @Benchmark
    public LogContent decodeRequest() throws UndecodableException {
        return RecordCodec.decode(recordBytes);
    }

    /**
     * What each replica computes of each request, to tell others of the same name from it.
     *
     * @return of the sample request
     */
    @Benchmark
    public Fingerprint fingerprint() {
        return fingerprinter.of(record.request(), "");
    }

    /**
     * A batch of replies, as a replica sends it.
     *
     * @param replies the batch
     * @return its bytes
     */
    @Benchmark
    public byte[] encodeReplies(Replies replies) {
        return ReplyCodec.encode(replies.batch);
    }

    /**
     * A batch of replies, as it comes to the ingress.
     *
     * @param replies the batch
     * @return what was sent
     * @throws UndecodableException never
     */
    @Benchmark
    public ReplyBatch decodeReplies(Replies replies) throws UndecodableException {
        return ReplyCodec.decode(replies.bytes);
    }
}

package io.hermes.bench;

import io.hermes.applier.AnswerReader;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.applier.RequestWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The messages between applier and app, without the socket between them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class AppMessagesBenchmark {

    private static final int BYTES_MAX = 1 << 16;

    private final AppCall call = Samples.calls(1).get(0);
    private final RequestWriter writer = new RequestWriter("127.0.0.1:8001");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    private final AnswerReader reader = new AnswerReader(BYTES_MAX, BYTES_MAX);
    private final ByteBuffer in =
            direct("HTTP/1.1 200 OK\r\nContent-type: application/text\r\nContent-Length: 7\r\n\r\nwritten");

    /**
     * A request, as the app is given it.
     *
     * @return its length
     */
    @Benchmark
    public int writeRequest() {
        out.reset();
        writer.write(call, out);
        return out.size();
    }

    /**
     * An answer of the sample app.
     *
     * @return what it said
     */
    @Benchmark
    public AppAnswer readAnswer() {
        in.rewind();
        reader.expect("POST");
        if (reader.read(in) != AnswerReader.Progress.COMPLETE) {
            throw new IllegalStateException("the sample answer is not complete");
        }
        return reader.take();
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}

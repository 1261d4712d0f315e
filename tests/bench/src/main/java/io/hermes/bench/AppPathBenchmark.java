package io.hermes.bench;

import io.hermes.applier.App;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Requests through the sample log app, by different clients: an applier's last step, and its dearest. One operation is one
 * request. To be run with {@code -prof io.hermes.bench.CpuProfiler}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
public class AppPathBenchmark {

    private static final int REQUESTS = 128;

    /** Who speaks with the app. */
    public enum Client {
        /** What an applier uses: pipelined, a selector on the caller's thread. */
        HERMES {
            @Override
            AppPath connect(int port) {
                return new HermesPath(port);
            }
        },
        /** The same writer and reader on a blocking socket. */
        BLOCKING {
            @Override
            AppPath connect(int port) throws Exception {
                return new BlockingPath(port);
            }
        },
        /** Apache HttpCore 5, pipelined. */
        HTTPCORE {
            @Override
            AppPath connect(int port) throws Exception {
                return new HttpCorePath(port);
            }
        },
        /** Jetty's client, one request at a time. */
        JETTY {
            @Override
            AppPath connect(int port) throws Exception {
                return new JettyPath(port);
            }
        },
        /** The JDK's client, one request at a time. */
        JDK {
            @Override
            AppPath connect(int port) {
                return new JdkPath(port);
            }
        };

        abstract AppPath connect(int port) throws Exception;
    }

    /** Who speaks with the app. */
    @Param
    public Client client = Client.HERMES;

    /** How many requests are given to the client at once, as one batch of the log. */
    @Param({"1", "16", "64", "128"})
    public int batch = 1;

    private final List<List<AppCall>> batches = new ArrayList<>();
    private final Counting answers = new Counting();
    private Closeable app = () -> {};
    private AppPath path = new Unconnected();

    /**
     * Starts the app and connects to it.
     *
     * @throws Exception if it does not start
     */
    @Setup
    public void connect() throws Exception {
        LogServerProcess process = new LogServerProcess();
        app = process;
        path = client.connect(process.port());
        List<AppCall> calls = Samples.calls(REQUESTS);
        for (int from = 0; from < REQUESTS; from += batch) {
            batches.add(calls.subList(from, from + batch));
        }
    }

    /**
     * Ends both.
     *
     * @throws IOException if the app cannot be ended
     */
    @TearDown
    public void close() throws IOException {
        path.close();
        app.close();
    }

    /**
     * Lets the app execute some batches, each after the one before was answered.
     *
     * @return how many requests were answered so far
     * @throws Exception if one was not
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long requests() throws Exception {
        long before = answers.count;
        for (List<AppCall> calls : batches) {
            path.apply(calls, answers);
        }
        if (answers.count != before + REQUESTS) {
            throw new IllegalStateException((answers.count - before) + " answers to " + REQUESTS + " requests");
        }
        return answers.count;
    }

    private static final class Unconnected implements AppPath {
        @Override
        public void apply(List<AppCall> calls, App.Answers answers) {
            throw new IllegalStateException("not connected");
        }

        @Override
        public void close() {}
    }

    private static final class Counting implements App.Answers {

        private long count;

        @Override
        public void onAnswer(AppCall call, AppAnswer answer) {
            if (answer.answer() == null || answer.answer().status() != 200) {
                throw new IllegalStateException("answered " + answer);
            }
            count++;
        }

        @Override
        public void onPause() {}
    }
}

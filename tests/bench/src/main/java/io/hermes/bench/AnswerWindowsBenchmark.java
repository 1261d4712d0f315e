package io.hermes.bench;

import io.hermes.applier.AnswerWindows;
import io.hermes.applier.AppAnswer;
import io.hermes.applier.AppCall;
import io.hermes.proto.Answer;
import io.hermes.proto.Settings;
import io.hermes.proto.Windows;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the comparison of replicas costs for each answer: its request is counted, and it enters the digest of its window. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Xmx1g")
public class AnswerWindowsBenchmark {

    /** Windows of the usual size. */
    @State(Scope.Thread)
    public static class Compared {

        private static final Settings SETTINGS = new Settings(
                        1,
                        Settings.FEATURE_LEVEL,
                        1_000_000,
                        Duration.ofHours(24),
                        1_000_000,
                        Duration.ofMinutes(10),
                        64L << 20)
                .withWindows(new Windows(1_024, List.of("content-type", "location", "set-cookie"), List.of()));

        /** Length of the answer's body. */
        @Param({"7", "1024"})
        public int bodyBytes = 7;

        private final AnswerWindows windows = new AnswerWindows(null);
        private AppAnswer answer = new AppAnswer(Samples.ANSWER);
        private long position;
        private long closed;

        /** Makes the answer. */
        @Setup
        public void setup() {
            answer = new AppAnswer(new Answer(Samples.ANSWER.status(), Samples.ANSWER.headers(), new byte[bodyBytes]));
        }

        long answer() {
            position++;
            windows.admit(position, SETTINGS);
            windows.onAnswer(new AppCall(position, CALL.record(), Samples.TIME_MILLIS, false, null), answer);
            closed += windows.takeFresh().size();
            if (closed != position / 1_024) {
                throw new IllegalStateException(closed + " windows of " + position + " requests");
            }
            return closed;
        }
    }

    private static final AppCall CALL = Samples.calls(1).get(0);

    /**
     * One answer, and every 1,024th time a whole window.
     *
     * @param compared the windows
     * @return how many were closed
     */
    @Benchmark
    public long answer(Compared compared) {
        return compared.answer();
    }
}

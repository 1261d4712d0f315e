package io.hermes.bench;

import io.hermes.applier.AppAnswer;
import io.hermes.applier.DuplicateTable;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Settings;
import java.time.Duration;
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

/**
 * One request through a duplicate table that is as full as it gets: delivered, its answer remembered, the oldest forgotten. The
 * values of the request are made anew each time, as a decoder would; its header and body are shared.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Xmx3g")
public class DuplicateTableBenchmark {

    private static final AppAnswer ANSWER = new AppAnswer(Samples.ANSWER);

    /** A table in which the next request pushes the oldest one out. */
    @State(Scope.Thread)
    public abstract static class Full {

        /** How many requests the table remembers. */
        @Param({"1000", "1000000"})
        public int entries = 1;

        private final DuplicateTable table = new DuplicateTable();
        private long number;

        abstract RequestRecord next(long number);

        void fill() {
            table.toSettings(
                    new Settings(1, 1, entries, Duration.ofHours(24), 1_000_000, Duration.ofMinutes(10), 64L << 20));
            for (int i = 0; i < entries; i++) {
                deliver();
            }
        }

        int deliver() {
            number++;
            RequestRecord record = next(number);
            boolean first = table.deliver(number, record, Samples.TIME_MILLIS)
                    .match(
                            entry -> {
                                table.remember(entry, ANSWER);
                                return true;
                            },
                            repeat -> false,
                            different -> false,
                            () -> false);
            if (!first || table.size() > entries) {
                throw new IllegalStateException("request " + number + " of " + table.size());
            }
            return table.size();
        }
    }

    /** Requests that their clients did not name: released as soon as their ingress says that they are finished. */
    public static class Unnamed extends Full {

        /** Fills the table. */
        @Setup
        public void setup() {
            fill();
        }

        @Override
        RequestRecord next(long number) {
            return Samples.unnamed(number, Math.max(1, number - entries + 1), number - 1);
        }
    }

    /** Requests that their clients named: evicted by newer ones. */
    public static class Named extends Full {

        /** Fills the table. */
        @Setup
        public void setup() {
            fill();
        }

        @Override
        RequestRecord next(long number) {
            return Samples.named(number, number - 1);
        }
    }

    /**
     * Delivers, remembers and releases.
     *
     * @param full the table
     * @return its size
     */
    @Benchmark
    public int unnamed(Unnamed full) {
        return full.deliver();
    }

    /**
     * Delivers, remembers and evicts.
     *
     * @param full the table
     * @return its size
     */
    @Benchmark
    public int named(Named full) {
        return full.deliver();
    }
}

package io.hermes.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs once, so that none rots; what it measures here means nothing. */
class BenchmarksTest {

    private static final List<Class<?>> BENCHMARKS = List.of(
            AnswerWindowsBenchmark.class,
            AppMessagesBenchmark.class,
            AppPathBenchmark.class,
            CodecBenchmark.class,
            DuplicateTableBenchmark.class,
            ExchangeBenchmark.class);

    @Test
    void measurementOfMemoryStillRuns() {
        assertThatNoException()
                .isThrownBy(() -> DuplicateTableMemory.main(new String[] {"1000", "65536", "10", "principals"}));
    }

    @Test
    void everyBenchmarkStillRuns() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io.hermes.bench.*")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .param("answers", "1")
                        .param("batch", "16")
                        .param("entries", "1000")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        assertThat(results.stream().map(result -> result.getParams().getBenchmark()))
                .containsOnly(BENCHMARKS.stream()
                        .flatMap(type -> Stream.of(type.getMethods()))
                        .filter(method -> method.isAnnotationPresent(Benchmark.class))
                        .map(BenchmarksTest::name)
                        .toArray(String[]::new));
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }
}

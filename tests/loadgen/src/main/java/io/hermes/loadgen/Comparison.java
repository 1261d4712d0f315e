package io.hermes.loadgen;

/**
 * How many times the baseline's figures a server's are; not a number where the baseline has none.
 *
 * @param throughput more is better
 * @param p50 less is better
 * @param p90 less is better
 * @param p99 less is better
 */
record Comparison(double throughput, double p50, double p90, double p99) {

    static Comparison of(RunResult subject, RunResult baseline) {
        return new Comparison(
                ratio(subject.throughput(), baseline.throughput()),
                ratio(subject.percentileMillis(50), baseline.percentileMillis(50)),
                ratio(subject.percentileMillis(90), baseline.percentileMillis(90)),
                ratio(subject.percentileMillis(99), baseline.percentileMillis(99)));
    }

    private static double ratio(double subject, double baseline) {
        return baseline > 0 ? subject / baseline : Double.NaN;
    }
}

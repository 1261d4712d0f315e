package io.hermes.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What an ingress counts. Any thread. */
final class IngressMeters {

    private final Timer answered;
    private final Counter appended;
    private final Counter notOrdered;
    private final Counter unknown;
    private final Counter timedOut;
    private final Counter askedAgain;
    private final Counter strayReplies;
    private final Timer read;
    private final Counter readAgain;

    IngressMeters(MeterRegistry meters) {
        answered = Timer.builder("hermes.request.duration")
                .description("From the complete request to the app's answer")
                .publishPercentileHistogram()
                .minimumExpectedValue(java.time.Duration.ofNanos(250_000))
                .maximumExpectedValue(java.time.Duration.ofSeconds(30))
                .register(meters);
        appended = counter(meters, "hermes.appended.requests", "Requests known to be in the log");
        notOrdered = counter(meters, "hermes.not_ordered.requests", "Requests answered 503: nothing was ordered");
        unknown = counter(meters, "hermes.unknown.appends", "Appends of which nobody knows whether they were ordered");
        timedOut = counter(meters, "hermes.timed_out.requests", "Requests answered 504: outcome unknown");
        askedAgain = counter(meters, "hermes.ask_again.records", "Replicas asked again for an answer");
        read = Timer.builder("hermes.read.duration")
                .description("From the complete read to the app's answer, of reads that go past the log")
                .publishPercentileHistogram()
                .minimumExpectedValue(java.time.Duration.ofNanos(250_000))
                .maximumExpectedValue(java.time.Duration.ofSeconds(30))
                .register(meters);
        readAgain =
                counter(meters, "hermes.repeated.reads", "Reads asked of another replica, since one did not answer");
        strayReplies = counter(meters, "hermes.stray.replies", "Replies nobody waited for any more");
    }

    void onRead(long startedNanos, long nowNanos) {
        read.record(nowNanos - startedNanos, TimeUnit.NANOSECONDS);
    }

    void onReadAgain() {
        readAgain.increment();
    }

    void onAnswered(long startedNanos, long nowNanos) {
        answered.record(nowNanos - startedNanos, TimeUnit.NANOSECONDS);
    }

    void onAppended() {
        appended.increment();
    }

    void onNotOrdered() {
        notOrdered.increment();
    }

    void onUnknown() {
        unknown.increment();
    }

    void onTimedOut() {
        timedOut.increment();
    }

    void onAskedAgain() {
        askedAgain.increment();
    }

    void onStrayReply() {
        strayReplies.increment();
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }
}

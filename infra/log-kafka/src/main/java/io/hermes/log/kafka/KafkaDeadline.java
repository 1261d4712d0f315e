package io.hermes.log.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaFuture;

/** A point in time until which several waits together may last. */
record KafkaDeadline(LongSupplier nanoClock, long endNanos) {

    static KafkaDeadline after(Duration wait, LongSupplier nanoClock) {
        return new KafkaDeadline(nanoClock, nanoClock.getAsLong() + wait.toNanos());
    }

    /** At least a millisecond, since zero means "for ever" to some of Kafka's calls. */
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, endNanos - nanoClock.getAsLong()));
    }

    boolean isOver() {
        return endNanos - nanoClock.getAsLong() <= 0;
    }

    <T> T await(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(left().toNanos(), TimeUnit.NANOSECONDS);
    }
}

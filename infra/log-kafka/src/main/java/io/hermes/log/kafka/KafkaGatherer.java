package io.hermes.log.kafka;

import io.hermes.log.FaultHandler;
import io.hermes.log.kafka.KafkaWriter.Outcome;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Lets records go together while there are many: what costs is not the record but the batch, which wakes the broker, every reader
 * and the writer. A record goes at once while few others are on their way, and were for a while; otherwise it waits until the last hand-over is
 * a moment past, and goes with all that came meanwhile. Nobody waits on a log that is idle or has few writers.
 *
 * <p>Owns the thread kafka-gather-0. All else may be called by any thread, and never blocks.
 */
final class KafkaGatherer {

    /** So many on their way do not make a log busy. */
    static final int AT_ONCE_MAX = 8;

    /**
     * A log that was busy is taken to be so for this long. On processors without a rest, each record that goes alone is applied everywhere before
     * the next one comes: few are on their way then just because each goes alone, and it would stay so (ADR 0037).
     */
    static final Duration BUSY_FOR = Duration.ofMillis(100);

    private final KafkaWriter writer;
    private final long apartNanos;
    private final LongSupplier nanoClock;
    private final FaultHandler faults;
    private final ConcurrentLinkedQueue<Gathered> queue = new ConcurrentLinkedQueue<>();
    // Atomic: counted up by those that append, down by the producer's thread.
    private final AtomicInteger underway = new AtomicInteger();
    private final Thread thread = KafkaThreads.daemon("kafka-gather-0", this::run);
    // Volatile: written and read by those that append; whichever of them is last will do.
    private volatile long busyUntilNanos;
    // Volatile: written by the gatherer's thread, read by those that append.
    private volatile boolean idle;
    // Volatile: written by whoever closes.
    private volatile boolean closed;

    /**
     * Gathers for a writer.
     *
     * @param apart time between two hand-overs of a busy log
     * @param faults told if the gatherer's thread ends by an error
     */
    KafkaGatherer(KafkaWriter writer, Duration apart, LongSupplier nanoClock, FaultHandler faults) {
        this.writer = writer;
        this.apartNanos = apart.toNanos();
        this.nanoClock = nanoClock;
        this.faults = faults;
        this.busyUntilNanos = nanoClock.getAsLong();
    }

    void start() {
        thread.start();
    }

    /** Takes a record over; after {@link #close} it is rejected. */
    void write(ProducerRecord<byte[], byte[]> record, Outcome outcome) {
        Gathered gathered = new Gathered(record, outcome);
        if (!isBusy(underway.getAndIncrement()) && queue.isEmpty()) {
            writer.write(record, gathered);
            return;
        }
        queue.add(gathered);
        if (idle) {
            LockSupport.unpark(thread);
        }
        if (closed) {
            rejectLeft();
        }
    }

    private boolean isBusy(int others) {
        long nowNanos = nanoClock.getAsLong();
        if (others >= AT_ONCE_MAX) {
            busyUntilNanos = nowNanos + BUSY_FOR.toNanos();
            return true;
        }
        return nowNanos - busyUntilNanos < 0;
    }

    /** Hands over what waits, and closes the writer: what is on its way ends within the time given. Once. */
    void close(Duration max) {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(max.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        rejectLeft();
        writer.close(max);
    }

    private void run() {
        try {
            gather();
        } catch (Error e) {
            closed = true;
            rejectLeft();
            faults.onFatal("the thread that hands records over ends: " + e, e);
        }
    }

    private void gather() {
        long lastNanos = nanoClock.getAsLong() - apartNanos;
        while (!closed) {
            if (queue.isEmpty()) {
                idle = true;
                // Whoever adds after this look sees that we are idle.
                if (queue.isEmpty() && !closed) {
                    LockSupport.park(this);
                }
                idle = false;
                continue;
            }
            long leftNanos = lastNanos + apartNanos - nanoClock.getAsLong();
            if (leftNanos > 0) {
                LockSupport.parkNanos(this, leftNanos);
            } else {
                lastNanos = nanoClock.getAsLong();
                handOver();
            }
        }
        handOver();
    }

    /** Quickly enough that the producer, who must be woken by the first, finds most of them. */
    private void handOver() {
        Gathered next = queue.poll();
        while (next != null) {
            writer.write(next.record, next);
            next = queue.poll();
        }
    }

    private void rejectLeft() {
        Gathered next = queue.poll();
        while (next != null) {
            next.onRejected("the log is closed");
            next = queue.poll();
        }
    }

    /** One record, counted while it is on its way. */
    private final class Gathered implements Outcome {

        private final ProducerRecord<byte[], byte[]> record;
        private final Outcome outcome;
        // Atomic: an outcome may be told twice, by two threads.
        private final AtomicBoolean over = new AtomicBoolean();

        Gathered(ProducerRecord<byte[], byte[]> record, Outcome outcome) {
            this.record = record;
            this.outcome = outcome;
        }

        @Override
        public void onWritten(long offset) {
            onOver();
            outcome.onWritten(offset);
        }

        @Override
        public void onRejected(String reason) {
            onOver();
            outcome.onRejected(reason);
        }

        @Override
        public void onUnknown(String reason) {
            onOver();
            outcome.onUnknown(reason);
        }

        private void onOver() {
            if (over.compareAndSet(false, true)) {
                underway.decrementAndGet();
            }
        }
    }
}

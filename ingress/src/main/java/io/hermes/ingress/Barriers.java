package io.hermes.ingress;

import io.hermes.log.OrderedLog;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Incarnation;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Finds, for each read that asks for it, a position at or below which everything stands that was ordered before the read began: that
 * of any record whose append was first called after the read had come (clause L3). If a request is appended anyway it serves as well;
 * otherwise one barrier serves all reads that wait, and at most one is under way.
 */
final class Barriers {

    /** Takes reads that have found their position. */
    interface Passed {
        void onPassed(List<WaitingRead> reads, long position);
    }

    private record Queued(WaitingRead read, long callsBefore) {}

    private final OrderedLog log;
    private final LogGate gate;
    private final Incarnation incarnation;
    private final LongSupplier millisClock;
    private final Passed passed;
    // Jetty's threads call append, the log's tell the outcome.
    private final AtomicLong calls = new AtomicLong();

    // Guarded by this: Jetty's threads queue, the log's release.
    private final Deque<Queued> queue = new ArrayDeque<>();
    private boolean underWay;
    private long barriers;
    // A look without the lock, by every append that ends while no read waits.
    private volatile boolean isEmpty = true;

    Barriers(OrderedLog log, LogGate gate, Incarnation incarnation, LongSupplier millisClock, Passed passed) {
        this.log = log;
        this.gate = gate;
        this.incarnation = incarnation;
        this.millisClock = millisClock;
        this.passed = passed;
    }

    /** Queues a read, and sees to it that something is appended after it. */
    void await(WaitingRead read) {
        synchronized (this) {
            queue.addLast(new Queued(read, calls.get()));
            isEmpty = false;
        }
        appendIfNeeded();
    }

    /** Somebody is about to call append; the number is to be given back with the outcome. */
    long onCall() {
        return calls.incrementAndGet();
    }

    /** An append has succeeded. */
    void onAppended(long call, long position) {
        if (isEmpty) {
            return;
        }
        List<WaitingRead> released = new ArrayList<>();
        synchronized (this) {
            while (!queue.isEmpty() && queue.getFirst().callsBefore() < call) {
                released.add(queue.removeFirst().read());
            }
            isEmpty = queue.isEmpty();
        }
        if (!released.isEmpty()) {
            passed.onPassed(released, position);
        }
    }

    /** A barrier may have been rejected, or may have ended unknown, and reads still wait. To be called some times a second. */
    void tick() {
        if (!isEmpty) {
            appendIfNeeded();
        }
    }

    private void appendIfNeeded() {
        BarrierRecord barrier;
        synchronized (this) {
            if (underWay || queue.isEmpty() || !gate.isOpen()) {
                return;
            }
            underWay = true;
            barriers++;
            barrier = new BarrierRecord(
                    new CorrelationId(incarnation, barriers), ReplyRoute.NOBODY, millisClock.getAsLong());
        }
        long call = onCall();
        var unused = log.append(RecordCodec.encode(barrier)).thenAccept(outcome -> {
            synchronized (this) {
                underWay = false;
            }
            boolean appended = outcome.match(
                    success -> {
                        onAppended(call, success.position().value());
                        return true;
                    },
                    rejected -> false,
                    unknown -> {
                        gate.onUnknown(unknown.reason());
                        return false;
                    });
            if (appended) {
                appendIfNeeded();
            }
        });
    }
}

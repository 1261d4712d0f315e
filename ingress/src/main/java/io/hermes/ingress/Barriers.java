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
import org.jspecify.annotations.Nullable;

/**
 * Finds, for each read that asks for it, a position at or below which everything stands that was ordered before the read began: the
 * one before any record whose append was first called after the read had come (clause L3). If a request is appended anyway it serves as well;
 * otherwise one barrier serves all reads that wait. Barriers of our own that stand right before such a record change no state, so no replica
 * needs to have them either: while nothing but reads come, the position stays, and replicas may take barriers in when it suits them. At most one is under way, and the next one waits for the {@link Turn} of the
 * reads that the last one served.
 */
final class Barriers {

    /** Takes reads on. */
    interface Passed {

        /** A barrier is under way that was called after these reads came. Some may have found their position since. */
        void onBegun(List<WaitingRead> reads);

        /** Reads have found their position. */
        Turn onPassed(List<WaitingRead> reads, long position);
    }

    private record Queued(WaitingRead read, long callsBefore) {}

    private final OrderedLog log;
    private final LogGate gate;
    private final Incarnation incarnation;
    private final LongSupplier millisClock;
    private final LongSupplier nanoClock;
    private final Passed passed;
    // Jetty's threads call append, the log's tell the outcome.
    private final AtomicLong calls = new AtomicLong();

    // Guarded by this: Jetty's threads queue, the log's release.
    private final Deque<Queued> queue = new ArrayDeque<>();
    private boolean underWay;
    private @Nullable Turn present;
    // Those who wait at the beginning of a turn are not of it: whoever comes after them may be one that it has
    // answered.
    private int waitedAtItsBeginning;
    private long barriers;
    private long lastBarrier;
    private long beforeLastBarriers;
    // A look without the lock, by every append that ends while no read waits.
    private volatile boolean isEmpty = true;

    Barriers(OrderedLog log, LogGate gate, Incarnation incarnation, Clocks clocks, Passed passed) {
        this.log = log;
        this.gate = gate;
        this.incarnation = incarnation;
        this.millisClock = clocks.millis();
        this.nanoClock = clocks.nano();
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

    /** An append of something else than a barrier of ours has succeeded. */
    void onAppended(long call, long position) {
        if (!isEmpty) {
            release(call, position, false);
        }
    }

    private void release(long call, long position, boolean isBarrier) {
        List<WaitingRead> released = new ArrayList<>();
        long before;
        synchronized (this) {
            // The last position before the record at which something may stand that changes state.
            before = position - 1 == lastBarrier ? beforeLastBarriers : Math.max(0, position - 1);
            if (isBarrier) {
                lastBarrier = position;
                beforeLastBarriers = before;
            }
            while (!queue.isEmpty() && queue.getFirst().callsBefore() < call) {
                released.add(queue.removeFirst().read());
            }
            isEmpty = queue.isEmpty();
            if (!released.isEmpty()) {
                waitedAtItsBeginning = queue.size();
            }
        }
        if (!released.isEmpty()) {
            // What was ordered before the reads began stands before the record: no replica has to have that itself.
            Turn turn = passed.onPassed(released, before);
            synchronized (this) {
                present = turn;
            }
            // It may be over already: answers that were there have been given.
            goOn();
        }
    }

    /**
     * Goes on if reads wait: a turn is over; or a barrier was rejected, or ended unknown, some time ago. To be called at each end of a
     * turn, and some times a second.
     */
    void goOn() {
        if (!isEmpty) {
            appendIfNeeded();
        }
    }

    private void appendIfNeeded() {
        BarrierRecord barrier;
        List<WaitingRead> begun;
        synchronized (this) {
            // Given up: all wait equally long, so those who came first are first.
            while (!queue.isEmpty() && queue.getFirst().read().isDone()) {
                queue.removeFirst();
            }
            isEmpty = queue.isEmpty();
            Turn last = present;
            boolean holds = last != null
                    && !last.isOver(nanoClock.getAsLong())
                    && !last.isFollowedBy(queue.size() - waitedAtItsBeginning);
            if (underWay || queue.isEmpty() || !gate.isOpen() || holds) {
                return;
            }
            underWay = true;
            barriers++;
            begun = queue.stream().map(Queued::read).toList();
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
                        release(call, success.position().value(), true);
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
        passed.onBegun(begun);
    }
}

package io.hermes.log.bookkeeper;

import io.hermes.log.AppendOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the appends of this process go: to its own sequencer, over a connection to another's, or, while none is known, into a
 * queue until there is one. Called by any thread.
 */
final class AppendRoutes {

    private static final long OUTSTANDING_BYTES_MAX = 128L * 1024 * 1024;

    /** Takes appends to the present sequencer. */
    interface Route {

        /**
         * Takes one append over.
         *
         * @return false if nothing was done with it and nothing will be, with any other
         */
        boolean append(Append append);
    }

    private final Duration timeout;
    private final LongSupplier nanoClock;
    /** Which append may end next by its deadline: all have the same patience, so they stand in order. */
    private final ConcurrentLinkedQueue<LocalAppend> byDeadline = new ConcurrentLinkedQueue<>();

    private final AtomicLong outstandingBytes = new AtomicLong();
    // Written under the lock, read without it by every append.
    private volatile @Nullable Route route;
    private volatile boolean closed;
    // Guarded by this.
    private final Deque<LocalAppend> waiting = new ArrayDeque<>();

    AppendRoutes(Duration timeout, LongSupplier nanoClock) {
        this.timeout = timeout;
        this.nanoClock = nanoClock;
    }

    CompletableFuture<AppendOutcome> append(byte[] record) {
        if (closed) {
            return rejected("the log is closed");
        }
        if (outstandingBytes.addAndGet(record.length) > OUTSTANDING_BYTES_MAX) {
            outstandingBytes.addAndGet(-record.length);
            return rejected("more than " + OUTSTANDING_BYTES_MAX + " bytes are being appended");
        }
        LocalAppend append = new LocalAppend(record, nanoClock.getAsLong() + timeout.toNanos(), this::await);
        CompletableFuture<AppendOutcome> outcome = append.outcome();
        var unused = outcome.thenRun(() -> outstandingBytes.addAndGet(-record.length));
        byDeadline.add(append);
        if (!leaves(append)) {
            await(append);
        }
        return outcome;
    }

    /** A sequencer was found; what waits goes there, in order. */
    synchronized void toRoute(Route next) {
        route = next;
        sendWaiting();
    }

    /** No sequencer is known. */
    synchronized void toNone() {
        route = null;
    }

    /** Ends what took too long, and tries again what was not written. */
    void onTick() {
        long now = nanoClock.getAsLong();
        LocalAppend first = byDeadline.peek();
        while (first != null && (first.isDone() || first.deadlineNanos() - now < 0)) {
            byDeadline.poll();
            first.onGivenUp("no sequencer has answered within " + timeout.toMillis() + " ms");
            first = byDeadline.peek();
        }
        synchronized (this) {
            sendWaiting();
        }
    }

    /** Ends what is outstanding, and rejects what comes. */
    void close() {
        closed = true;
        List<LocalAppend> left;
        synchronized (this) {
            route = null;
            waiting.clear();
            left = new ArrayList<>(byDeadline);
        }
        // Whoever waits may as well ask the next process, under the same id.
        left.forEach(append -> append.onUnknown("the log was closed"));
        byDeadline.clear();
    }

    private boolean leaves(LocalAppend append) {
        Route present = route;
        append.onLeaving();
        return present != null && present.append(append);
    }

    private void await(LocalAppend append) {
        synchronized (this) {
            if (!closed) {
                append.onWaiting();
                waiting.addLast(append);
                return;
            }
        }
        append.onUnknown("the log was closed");
    }

    /** Guarded by this. */
    private void sendWaiting() {
        int count = waiting.size();
        for (int i = 0; i < count && route != null; i++) {
            LocalAppend append = waiting.removeFirst();
            if (!append.isDone() && !leaves(append)) {
                append.onWaiting();
                waiting.addFirst(append);
                return;
            }
        }
    }

    private static CompletableFuture<AppendOutcome> rejected(String reason) {
        return CompletableFuture.completedFuture(new AppendOutcome.Rejected(reason));
    }
}

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
    private final ConcurrentLinkedQueue<Deadline> byDeadline = new ConcurrentLinkedQueue<>();

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
        int bytes = record.length;
        if (outstandingBytes.addAndGet(bytes) > OUTSTANDING_BYTES_MAX) {
            outstandingBytes.addAndGet(-bytes);
            return rejected("more than " + OUTSTANDING_BYTES_MAX + " bytes are being appended");
        }
        Deadline deadline = new Deadline(nanoClock.getAsLong() + timeout.toNanos());
        CompletableFuture<AppendOutcome> outcome = deadline.outcome();
        var unused = outcome.thenRun(() -> outstandingBytes.addAndGet(-bytes));
        byDeadline.add(deadline);
        LocalAppend append = new LocalAppend(record, deadline, this::await);
        if (!leaves(append)) {
            await(append);
        }
        return outcome;
    }

    /** A sequencer was found; what waits goes there, in order. */
    void toRoute(Route next) {
        synchronized (this) {
            if (closed) {
                return;
            }
            route = next;
        }
        sendWaiting();
    }

    /** No sequencer is known. */
    synchronized void toNone() {
        route = null;
    }

    /** Ends what took too long, and tries again what was not written. */
    void onTick() {
        long now = nanoClock.getAsLong();
        Deadline first = byDeadline.peek();
        while (first != null && (first.isDone() || first.nanos() - now < 0)) {
            byDeadline.poll();
            first.onGivenUp("no sequencer has answered within " + timeout.toMillis() + " ms");
            first = byDeadline.peek();
        }
        synchronized (this) {
            // What is over is not kept until a sequencer is found.
            while (!waiting.isEmpty() && waiting.getFirst().deadline().isDone()) {
                waiting.removeFirst();
            }
        }
        sendWaiting();
    }

    /** For tests: how many appends wait for a sequencer. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** Ends what is outstanding, and rejects what comes. Idempotent. */
    void close() {
        List<Deadline> left;
        synchronized (this) {
            closed = true;
            route = null;
            waiting.clear();
            left = new ArrayList<>(byDeadline);
        }
        // Whoever waits may as well ask the next process, under the same id.
        left.forEach(deadline -> deadline.outcome().complete(new AppendOutcome.Unknown("the log was closed")));
        byDeadline.clear();
    }

    /** False if it is still here. */
    private boolean leaves(LocalAppend append) {
        Route present = route;
        return present != null && (!append.deadline().onLeaving() || present.append(append));
    }

    private void await(LocalAppend append) {
        synchronized (this) {
            if (!closed) {
                append.deadline().onWaiting();
                waiting.addLast(append);
                return;
            }
        }
        append.onUnknown("the log was closed");
    }

    /** Not under the lock: routes take locks of their own, and answers may come at once. */
    private void sendWaiting() {
        int count;
        synchronized (this) {
            count = waiting.size();
        }
        for (int i = 0; i < count; i++) {
            LocalAppend append;
            synchronized (this) {
                append = route == null ? null : waiting.pollFirst();
            }
            if (append == null) {
                return;
            }
            if (!append.deadline().isDone() && !leaves(append)) {
                backToWaiting(append);
                return;
            }
        }
    }

    private synchronized void backToWaiting(LocalAppend append) {
        append.deadline().onWaiting();
        waiting.addFirst(append);
    }

    private static CompletableFuture<AppendOutcome> rejected(String reason) {
        return CompletableFuture.completedFuture(new AppendOutcome.Rejected(reason));
    }
}

package io.hermes.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads that need no barrier, until it is their turn. Any thread. */
final class ReadQueue {

    /** Takes reads whose turn it is. */
    interface Sending {
        Turn send(List<WaitingRead> reads);
    }

    private final Sending sending;
    private final LongSupplier nanoClock;

    // Guarded by this: Jetty's threads queue, the inbox's and the ingress loop's go on.
    private List<WaitingRead> queue = new ArrayList<>();
    private @Nullable Turn present;
    private boolean sendingNow;

    ReadQueue(Sending sending, LongSupplier nanoClock) {
        this.sending = sending;
        this.nanoClock = nanoClock;
    }

    /** Queues a read, and sends it at once if nothing is under way. */
    void await(WaitingRead read) {
        synchronized (this) {
            queue.add(read);
        }
        sendIfPossible();
    }

    /** Goes on if the present turn is over. */
    void sendIfPossible() {
        List<WaitingRead> next;
        synchronized (this) {
            Turn last = present;
            if (sendingNow || queue.isEmpty() || (last != null && !last.isOver(nanoClock.getAsLong()))) {
                return;
            }
            next = queue;
            queue = new ArrayList<>();
            sendingNow = true;
        }
        Turn turn = sending.send(next);
        synchronized (this) {
            present = turn;
            sendingNow = false;
        }
        // It may have ended, and others may have come, in the meantime.
        if (turn.isOver(nanoClock.getAsLong())) {
            sendIfPossible();
        }
    }
}

package io.hermes.ingress;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that wait, by their numbers. Numbers count up; the oldest unfinished one is at most {@code pendingMax} behind
 * the newest, so one that never finishes closes the table in the end rather than let it grow.
 *
 * <p>Any thread.
 */
final class PendingTable {

    /** Makes an exchange for a number. */
    interface Opening {
        Exchange open(long number, long lowestUnfinished);
    }

    private final AtomicReferenceArray<@Nullable Exchange> slots;
    private final int mask;
    private final int pendingMax;
    private final long bytesMax;

    // Guarded by this: Jetty's threads open, the inbox's and the ask-again loop's close.
    private long next = 1;
    private long lowest = 1;
    private int count;
    private long bytes;

    PendingTable(int pendingMax, long bytesMax) {
        int size = Integer.highestOneBit(Math.max(2, pendingMax) - 1) << 1;
        this.slots = new AtomicReferenceArray<>(size);
        this.mask = size - 1;
        this.pendingMax = pendingMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Opens an exchange under the next number.
     *
     * @param opened bytes of the exchange, counted against the bound
     * @return null if a bound is reached
     */
    synchronized @Nullable Exchange open(long opened, Opening opening) {
        if (next - lowest >= pendingMax || (count > 0 && bytes + opened > bytesMax)) {
            return null;
        }
        Exchange exchange = opening.open(next, lowest);
        slots.set((int) (next & mask), exchange);
        next++;
        count++;
        bytes += opened;
        return exchange;
    }

    /** The exchange that waits under a number; null if none does any more. */
    @Nullable
    Exchange find(long number) {
        Exchange exchange = number < 1 ? null : slots.get((int) (number & mask));
        return exchange == null || exchange.number() != number ? null : exchange;
    }

    /** Frees an exchange's slot; without effect if it is free already. */
    synchronized void close(Exchange exchange) {
        int slot = (int) (exchange.number() & mask);
        if (slots.get(slot) != exchange) {
            return;
        }
        slots.set(slot, null);
        count--;
        bytes -= exchange.bytes();
        while (lowest < next && slots.get((int) (lowest & mask)) == null) {
            lowest++;
        }
    }

    /** Shows each exchange that waits, oldest first; those opened or closed meanwhile may be left out. */
    void forEach(Consumer<Exchange> visitor) {
        var unused = hasAny(exchange -> {
            visitor.accept(exchange);
            return false;
        });
    }

    /** Whether some exchange that waits is such; those opened or closed meanwhile may be left out. */
    boolean hasAny(Predicate<Exchange> such) {
        long from;
        long to;
        synchronized (this) {
            from = lowest;
            to = next;
        }
        for (long number = from; number < to; number++) {
            Exchange exchange = find(number);
            if (exchange != null && such.test(exchange)) {
                return true;
            }
        }
        return false;
    }

    synchronized int size() {
        return count;
    }

    /** How many exchanges were ever opened. */
    synchronized long opened() {
        return next - 1;
    }

    synchronized long lowestUnfinished() {
        return lowest;
    }
}

package io.hermes.log.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps events until its caller picks them, in any order. No thread, no clock, no randomness: the caller brings those. For one
 * thread.
 */
public final class SteppedScheduler implements MemoryScheduler {

    private final List<MemoryEvent> pending = new ArrayList<>();

    @Override
    public void schedule(MemoryEvent event) {
        pending.add(event);
    }

    /**
     * How many events wait.
     *
     * @return at least 0
     */
    public int pending() {
        return pending.size();
    }

    /**
     * Lets one event happen.
     *
     * @param index 0 is the oldest that waits
     */
    public void step(int index) {
        pending.remove(index).happen();
    }

    /**
     * Lets one event be lost.
     *
     * @param index 0 is the oldest that waits
     * @param afterEffect for an append: whether the record is stored all the same
     */
    public void lose(int index, boolean afterEffect) {
        pending.remove(index).lose(afterEffect);
    }

    /** Lets everything happen that waits, oldest first, and what follows from it. */
    public void runAll() {
        while (!pending.isEmpty()) {
            step(0);
        }
    }
}

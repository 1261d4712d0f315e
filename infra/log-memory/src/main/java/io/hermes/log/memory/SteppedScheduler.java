package io.hermes.log.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps events until its caller picks them, in any order; what is not picked is delayed. Readers never wait. No thread, no
 * clock, no randomness: the caller brings those. For one thread, which bounds what is pending by stepping.
 */
public final class SteppedScheduler implements MemoryScheduler {

    private final List<MemoryEvent> pending = new ArrayList<>();

    @Override
    public void schedule(MemoryEvent event) {
        pending.add(event);
    }

    @Override
    public boolean readersWait() {
        return false;
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
     * Looks at an event.
     *
     * @param index 0 is the oldest that waits
     * @return it goes on waiting
     */
    public MemoryEvent event(int index) {
        return pending.get(index);
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
     * Lets a notice happen and go on waiting, so that it happens again. Appends and replies never do (L4, R1).
     *
     * @param index 0 is the oldest that waits
     * @throws IllegalArgumentException if the event is no notice
     */
    public void repeat(int index) {
        MemoryEvent event = pending.get(index);
        if (event.kind() != MemoryEvent.Kind.NOTICE) {
            throw new IllegalArgumentException("no port allows to repeat " + event);
        }
        event.happen();
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

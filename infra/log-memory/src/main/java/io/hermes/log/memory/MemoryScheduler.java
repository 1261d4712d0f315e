package io.hermes.log.memory;

/** Decides when what was handed to a {@link MemoryCluster} happens. */
public interface MemoryScheduler {

    /** Everything happens at once, on the caller's thread. */
    MemoryScheduler AT_ONCE = event -> event.happen();

    /**
     * Takes an event.
     *
     * @param event to happen now, later or never
     */
    void schedule(MemoryEvent event);
}

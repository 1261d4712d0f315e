package io.hermes.log.memory;

/** Decides when what was handed to a {@link MemoryCluster} happens. */
public interface MemoryScheduler {

    /** Everything happens at once, on the caller's thread; any thread may call. */
    MemoryScheduler AT_ONCE = event -> event.happen();

    /**
     * Takes an event.
     *
     * @param event to happen now, later or never
     */
    void schedule(MemoryEvent event);

    /**
     * Whether a reader that finds nothing waits for as long as it was told.
     *
     * @return false where the reader's own thread is the one that makes things happen
     */
    default boolean readersWait() {
        return true;
    }
}

package io.hermes.log.memory;

/**
 * Something that was handed to the cluster and has not happened yet. It happens, or is lost, once. Its text says what it is,
 * for the trace of a simulation.
 */
public interface MemoryEvent {

    /** What can be pending. */
    enum Kind {
        /** Of one record. */
        APPEND,
        /** To one inbox. */
        REPLY,
        /** A value put up on the board or taken down. */
        NOTICE
    }

    /**
     * What it is.
     *
     * @return never changes
     */
    Kind kind();

    /** Lets it happen: the record is stored and its writer told, the reply arrives, the notice is shown. */
    void happen();

    /**
     * Lets it be lost. An append ends unknown; a reply or a notice vanishes.
     *
     * @param afterEffect for an append: whether the record is stored all the same
     */
    default void lose(boolean afterEffect) {
        // A reply or a notice that is lost has no effect and tells nobody.
    }
}

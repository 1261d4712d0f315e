package io.hermes.log.memory;

/** Something that was handed to the cluster and has not happened yet. It happens, or is lost, once. */
public interface MemoryEvent {

    /** What kinds of things happen. */
    enum Kind {
        /** A record is stored and its writer told. */
        APPEND,
        /** A reply arrives. */
        REPLY,
        /** A notice is put up or taken down. */
        NOTICE
    }

    /**
     * What this is.
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

package io.hermes.applier;

/** Passed by the loop at each {@link Failpoint}. In production nothing happens there. */
@FunctionalInterface
public interface Failpoints {

    /** Nothing ever fails. */
    Failpoints NONE = point -> {};

    /**
     * The loop is at a point; whoever wants it to fail there does not return.
     *
     * @param point which one
     */
    void at(Failpoint point);
}

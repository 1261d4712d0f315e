package io.hermes.applier;

/**
 * How a replica sees the comparison of all.
 *
 * @param ordinals requests in a window; 0 if answers are not compared
 * @param equalBelow the last window in which all were equal, plus 1
 * @param unequal windows in which replicas differed, as far as this run of the app has read the log
 * @param alarm for people: how replicas differ; empty if they do not
 */
public record DivergenceStatus(int ordinals, long equalBelow, long unequal, String alarm) {

    /** Nothing was compared. */
    public static final DivergenceStatus NOTHING_YET = new DivergenceStatus(0, 0, 0, "");
}

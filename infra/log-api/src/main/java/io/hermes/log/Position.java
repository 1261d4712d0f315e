package io.hermes.log;

/**
 * Where a record stands in the total order. Positions compare; they do not count: gaps are legal (clause L1). Only the
 * backend that made a position may interpret its parts.
 *
 * @param value at least 0; 0 is {@link #START}, which no record ever has
 */
public record Position(long value) implements Comparable<Position> {

    /** Before the first record of every log. */
    public static final Position START = new Position(0);

    /**
     * Checks the value.
     *
     * @param value checked
     * @throws IllegalArgumentException if the value is negative
     */
    public Position {
        if (value < 0) {
            throw new IllegalArgumentException("negative position " + value);
        }
    }

    /**
     * Whether this position comes later in the total order than another.
     *
     * @param other the position to compare with
     * @return true if this one is strictly later
     */
    public boolean isAfter(Position other) {
        return value > other.value;
    }

    /**
     * The later of two positions.
     *
     * @param other the position to compare with
     * @return this or the other
     */
    public Position max(Position other) {
        return value >= other.value ? this : other;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

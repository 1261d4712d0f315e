package io.hermes.proto;

/**
 * One run of a process; a new run is a new incarnation.
 *
 * @param value unique among all runs: printable ASCII without blanks, 1 to 64 characters
 */
public record Incarnation(String value) {

    /** The longest value, in characters. */
    public static final int CHARACTERS_MAX = 64;

    /**
     * Checks the bounds.
     *
     * @param value checked
     * @throws IllegalArgumentException if it is empty, too long or not printable ASCII
     */
    public Incarnation {
        if (value.isEmpty() || value.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException("an incarnation has 1 to 64 characters, not " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException("an incarnation is printable ASCII: " + value);
            }
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.hermes.proto;

/**
 * What one replica's copy of the app answered in one window.
 *
 * @param replica its name
 * @param appVersion of its copy of the app; only equal ones are compared
 * @param incarnation the run of the app; digests of an earlier run of the same replica count no more
 * @param window its number, from 0
 * @param digest over the answers; {@link WindowDigest#UNKNOWN} if the replica does not know them all
 * @param ordinals how many requests it holds
 * @param after the window holds requests after this position
 * @param through the window holds requests up to this position
 * @param skipped requests given up so far; only equal numbers are compared
 */
public record WindowDigestRecord(
        String replica,
        String appVersion,
        String incarnation,
        long window,
        WindowDigest digest,
        int ordinals,
        long after,
        long through,
        long skipped)
        implements LogContent {

    /** The longest name or version, in characters. */
    public static final int TEXT_LENGTH_MAX = 200;

    /**
     * Checks the bounds.
     *
     * @param replica at most 200 characters
     * @param appVersion at most 200 characters
     * @param incarnation at most 200 characters
     * @param window at least 0
     * @param digest kept
     * @param ordinals at least 0
     * @param after at least 0
     * @param through at least {@code after}
     * @param skipped at least 0
     * @throws IllegalArgumentException if a bound is not kept
     */
    public WindowDigestRecord {
        if (replica.isEmpty()
                || replica.length() > TEXT_LENGTH_MAX
                || appVersion.length() > TEXT_LENGTH_MAX
                || incarnation.length() > TEXT_LENGTH_MAX) {
            throw new IllegalArgumentException("a name of replica '" + replica + "' is empty or too long");
        }
        if (window < 0 || ordinals < 0 || after < 0 || through < after || skipped < 0) {
            throw new IllegalArgumentException("window " + window + " of " + ordinals + " after " + after + " through "
                    + through + " with " + skipped + " skipped");
        }
    }

    /**
     * Whether two digests are of the same thing, so that they ought to be equal.
     *
     * @param other of another replica
     * @return whether app and window are the same, and both are known
     */
    public boolean isComparable(WindowDigestRecord other) {
        return window == other.window
                && skipped == other.skipped
                && appVersion.equals(other.appVersion)
                && digest.isKnown()
                && other.digest.isKnown();
    }

    /**
     * Whether two replicas gave the same answers.
     *
     * @param other comparable
     * @return whether digest and bounds are equal
     */
    public boolean isEqual(WindowDigestRecord other) {
        return digest.equals(other.digest)
                && ordinals == other.ordinals
                && after == other.after
                && through == other.through;
    }

    @Override
    public <T> T match(Cases<T> cases) {
        return cases.windowDigest(this);
    }
}

package io.hermes.ingress;

/**
 * Bounds what is asked again to 5% of what is asked the first time, beyond a first hundred: more would feed an overload. Owned by
 * the ingress loop's thread.
 */
final class RepeatBudget {

    private static final double SHARE_MAX = 0.05;
    private static final double BURST_MAX = 100;

    private double budget = BURST_MAX;
    private long askedBefore;

    /** So many were asked the first time, since the ingress began. */
    void earn(long asked) {
        budget = Math.min(BURST_MAX, budget + SHARE_MAX * (asked - askedBefore));
        askedBefore = asked;
    }

    /** Takes one; tells whether there was one. */
    boolean tryTake() {
        if (budget < 1) {
            return false;
        }
        budget -= 1;
        return true;
    }
}

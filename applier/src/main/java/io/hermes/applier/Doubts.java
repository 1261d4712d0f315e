package io.hermes.applier;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one incarnation of the app leaves to the next: at which request it was left in doubt, how often, and which requests operators
 * gave up.
 *
 * <p>Owned by the loop's thread.
 */
final class Doubts {

    /** A request that leaves the app in doubt once more after so many recoveries halts the replica. */
    static final int RECOVERIES_MAX = 3;

    private static final Duration LOOK_EACH = Duration.ofMillis(500);

    private final SkipLookout lookout;
    private final LongSupplier nanoClock;

    private final TreeMap<Long, String> skips = new TreeMap<>();
    private History.Caution caution = History.Caution.NONE;
    private long position;
    private int count;
    private long lastLookNanos;

    Doubts(SkipLookout lookout, LongSupplier nanoClock) {
        this.lookout = lookout;
        this.nanoClock = nanoClock;
    }

    /** The requests that operators gave up, as far as is known, with their reasons. */
    Map<Long, String> skips() {
        return skips;
    }

    /** Where the app was left in doubt last. */
    History.Caution caution() {
        return caution;
    }

    /** The app is in doubt. Looks whether somebody gave the request up, which takes some seconds at most. */
    void onDoubt(AppInDoubtException doubt) {
        count = doubt.position() == position ? count + 1 : 1;
        position = doubt.position();
        caution = new History.Caution(doubt.position(), doubt.lastPosition());
        lookout.startAfter(doubt.position());
        skips.putAll(lookout.lookAhead());
    }

    /**
     * Whether the request that left the app in doubt last may be given to another incarnation, or was given up.
     *
     * @return null if so; else what a person has to know
     */
    @Nullable
    String whyNotAgain(AppInDoubtException doubt) {
        if (count <= RECOVERIES_MAX || skips.containsKey(position)) {
            return null;
        }
        return "the request at position " + position + " left the app in doubt " + count + " times ("
                + doubt.getMessage() + "): mend the app and start the applier again, or give the request up with"
                + " './hermes skip " + position + "'";
    }

    /** Somebody gave a request up that the app was given. */
    void onSkipFound(SkipFoundException found) {
        skips.put(found.position(), found.reason());
    }

    /**
     * Looks once more, now and then, for whether somebody gave the request up at which the replica is halted. May be asked again and
     * again.
     *
     * @return its position; 0 if nobody did, or the replica is halted for another reason
     */
    long givenUp() {
        if (count > RECOVERIES_MAX && nanoClock.getAsLong() - lastLookNanos > LOOK_EACH.toNanos()) {
            lastLookNanos = nanoClock.getAsLong();
            skips.putAll(lookout.lookAhead());
            if (skips.containsKey(position)) {
                count = 0;
                return position;
            }
        }
        return 0;
    }

    void close() {
        lookout.close();
    }
}

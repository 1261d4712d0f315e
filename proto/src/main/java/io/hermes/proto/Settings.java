package io.hermes.proto;

import java.time.Duration;

/**
 * What decides state and may change: read from the log, never from a file, since replicas whose files differ for a minute would
 * decide differently for ever.
 *
 * @param revision of two settings the one with the higher revision counts; 0 are those before any record
 * @param featureLevel a replica that does not know this level stops
 * @param keysMax the most requests remembered that clients named or may name; the oldest go first
 * @param keyRetention how long, by log time, those are remembered
 * @param requestsMax the most requests remembered that only their ingress can repeat; the oldest go first
 * @param ingressRetention an ingress of which the log held nothing for so long, by log time, is forgotten
 * @param answerBytesMax the most bytes of answers remembered, all together; the oldest go first
 */
public record Settings(
        long revision,
        int featureLevel,
        int keysMax,
        Duration keyRetention,
        int requestsMax,
        Duration ingressRetention,
        long answerBytesMax) {

    /** The highest level of features that this version knows. */
    public static final int FEATURE_LEVEL = 1;

    /**
     * In force until the log says otherwise. What they are belongs to the format of the log: they never change, or an old log
     * would be replayed differently.
     */
    public static final Settings BEFORE_ANY_RECORD =
            new Settings(0, 1, 1_000_000, Duration.ofHours(24), 1_000_000, Duration.ofMinutes(10), 64L << 20);

    /**
     * Checks the bounds.
     *
     * @param revision checked
     * @param featureLevel checked
     * @param keysMax checked
     * @param keyRetention checked
     * @param requestsMax checked
     * @param ingressRetention checked
     * @param answerBytesMax checked
     * @throws IllegalArgumentException naming the configuration key that is out of bounds
     */
    public Settings {
        require(revision >= 0, "settings.revision", revision, "at least 0");
        require(featureLevel >= 1, "feature level", featureLevel, "at least 1");
        require(keysMax >= 1, "settings.keys-max", keysMax, "at least 1");
        require(keyRetention.toMillis() >= 1, "settings.key-retention", keyRetention, "more than nothing");
        require(requestsMax >= 1, "settings.requests-max", requestsMax, "at least 1");
        require(ingressRetention.toMillis() >= 1, "settings.ingress-retention", ingressRetention, "more than nothing");
        require(answerBytesMax >= 0, "settings.answer-bytes-max", answerBytesMax, "at least 0");
    }

    private static void require(boolean holds, String key, Object value, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + ", wanted " + wanted);
        }
    }
}

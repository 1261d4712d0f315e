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
 * @param routes what is declared of requests by their path
 * @param windows how answers of replicas are compared
 */
public record Settings(
        long revision,
        int featureLevel,
        int keysMax,
        Duration keyRetention,
        int requestsMax,
        Duration ingressRetention,
        long answerBytesMax,
        Routes routes,
        Windows windows) {

    /** The highest level of features that this version knows. */
    public static final int FEATURE_LEVEL = 3;

    /** Snapshots came with this one: records that ask for them and tell of them. */
    public static final int FEATURE_LEVEL_OF_SNAPSHOTS = 3;

    /** Routes came with this one. */
    private static final int FEATURE_LEVEL_OF_ROUTES = 2;

    /** Windows came with this one. */
    private static final int FEATURE_LEVEL_OF_WINDOWS = 3;

    /**
     * In force until the log says otherwise. What they are belongs to the format of the log: they never change, or an old log
     * would be replayed differently.
     */
    public static final Settings BEFORE_ANY_RECORD =
            new Settings(0, 1, 100_000, Duration.ofHours(24), 1_000_000, Duration.ofMinutes(10), 32L << 20);

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
     * @param routes not checked again
     * @param windows not checked again
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
        require(
                routes.isEmpty() || featureLevel >= FEATURE_LEVEL_OF_ROUTES,
                "feature level",
                featureLevel,
                "at least " + FEATURE_LEVEL_OF_ROUTES + " for settings.routes");
        require(
                !windows.exist() || featureLevel >= FEATURE_LEVEL_OF_WINDOWS,
                "feature level",
                featureLevel,
                "at least " + FEATURE_LEVEL_OF_WINDOWS + " for settings.window");
    }

    /**
     * Without routes and windows.
     *
     * @param revision of two settings the one with the higher revision counts
     * @param featureLevel a replica that does not know this level stops
     * @param keysMax the most requests remembered that clients named
     * @param keyRetention how long those are remembered
     * @param requestsMax the most requests remembered that only their ingress can repeat
     * @param ingressRetention an ingress that was silent for so long is forgotten
     * @param answerBytesMax the most bytes of answers remembered
     */
    public Settings(
            long revision,
            int featureLevel,
            int keysMax,
            Duration keyRetention,
            int requestsMax,
            Duration ingressRetention,
            long answerBytesMax) {
        this(
                revision,
                featureLevel,
                keysMax,
                keyRetention,
                requestsMax,
                ingressRetention,
                answerBytesMax,
                Routes.NONE,
                Windows.NONE);
    }

    /**
     * The same with routes, at the lowest level of features that knows what is used.
     *
     * @param declared what is declared of requests by their path
     * @return a copy
     */
    public Settings withRoutes(Routes declared) {
        return with(declared, windows);
    }

    /**
     * The same with windows, at the lowest level of features that knows what is used.
     *
     * @param compared how answers of replicas are compared
     * @return a copy
     */
    public Settings withWindows(Windows compared) {
        return with(routes, compared);
    }

    private Settings with(Routes declared, Windows compared) {
        int level = compared.exist() ? FEATURE_LEVEL_OF_WINDOWS : declared.isEmpty() ? 1 : FEATURE_LEVEL_OF_ROUTES;
        return new Settings(
                revision,
                level,
                keysMax,
                keyRetention,
                requestsMax,
                ingressRetention,
                answerBytesMax,
                declared,
                compared);
    }

    private static void require(boolean holds, String key, Object value, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + ", wanted " + wanted);
        }
    }
}

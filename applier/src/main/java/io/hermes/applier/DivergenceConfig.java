package io.hermes.applier;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What one applier is told about the comparison of replicas; what decides about it is in the log's settings.
 *
 * @param appVersion of its copy of the app; only equal ones are compared
 * @param directory where evidence is written; null for nowhere
 */
public record DivergenceConfig(String appVersion, @Nullable Path directory) {

    /** No version, no evidence. */
    public static final DivergenceConfig NONE = new DivergenceConfig("", null);
}

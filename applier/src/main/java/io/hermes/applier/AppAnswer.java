package io.hermes.applier;

import io.hermes.proto.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What the app answered, as far as it is kept.
 *
 * @param answer null if the app's answer was longer than the configured bound: it counts as given, but is not kept
 */
public record AppAnswer(@Nullable Answer answer) {}

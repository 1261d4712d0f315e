package io.hermes.check;

import io.hermes.proto.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the app answered to one request.
 *
 * @param answer null if it was too long to be kept
 * @param atMillis when it was there, by this machine's clock
 */
record Answered(@Nullable Answer answer, long atMillis) {}

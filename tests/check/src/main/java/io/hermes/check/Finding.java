package io.hermes.check;

/**
 * A difference and its probable reason.
 *
 * @param difference between two runs
 * @param cause the reason
 * @param left the words that differ, of the earlier run
 * @param right the words that differ, of the later run
 */
record Finding(Difference difference, Cause cause, String left, String right) {}

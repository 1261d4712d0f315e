package io.hermes.proto;

/**
 * What one replica says about one read that came past the log.
 *
 * @param number of the read, within the run of its ingress
 * @param position everything up to it was applied when the app began to execute the read
 * @param outcome the answer, or why there is none
 */
public record ReadReply(long number, long position, ReadOutcome outcome) {}

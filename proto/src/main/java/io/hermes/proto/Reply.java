package io.hermes.proto;

/**
 * What one replica says about one request.
 *
 * @param id of the request
 * @param position where the request was first delivered, which is where it counts
 * @param outcome what became of it
 */
public record Reply(RequestId id, long position, ReplyOutcome outcome) {}

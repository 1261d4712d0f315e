package io.hermes.proto;

/**
 * What came of a {@link SnapshotQuestion}.
 *
 * @param sha256 from the question
 * @param part from the question
 * @param offset from the question
 * @param bytes as many as there are, up to what was wanted; nobody changes them
 * @param gone whether the snapshot is not there, or not any more
 */
@SuppressWarnings("ArrayRecordComponent") // pieces are never compared
public record SnapshotPiece(String sha256, SnapshotPart part, long offset, byte[] bytes, boolean gone) {}

package io.hermes.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.hermes.proto.wire.SnapshotPieceMessage;
import io.hermes.proto.wire.SnapshotQuestionMessage;

/** Turns what replicas tell one another about snapshots into bytes and back. Pure; any thread. */
public final class SnapshotCodec {

    private SnapshotCodec() {}

    /**
     * Encodes one question.
     *
     * @param question any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(SnapshotQuestion question) {
        return SnapshotQuestionMessage.newBuilder()
                .setReplyAddress(question.replyAddress())
                .setSha256(question.sha256())
                .setPosition(question.position())
                .setPart(question.part().name())
                .setOffset(question.offset())
                .setBytesMax(question.bytesMax())
                .build()
                .toByteArray();
    }

    /**
     * Encodes one piece.
     *
     * @param piece any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(SnapshotPiece piece) {
        return SnapshotPieceMessage.newBuilder()
                .setSha256(piece.sha256())
                .setPart(piece.part().name())
                .setOffset(piece.offset())
                .setBytes(UnsafeByteOperations.unsafeWrap(piece.bytes()))
                .setGone(piece.gone())
                .build()
                .toByteArray();
    }

    /**
     * Decodes one question.
     *
     * @param bytes of one question; not kept, not changed
     * @return what was encoded
     * @throws UndecodableException if these bytes are no question
     */
    public static SnapshotQuestion decodeQuestion(byte[] bytes) throws UndecodableException {
        try {
            SnapshotQuestionMessage message = SnapshotQuestionMessage.parseFrom(bytes);
            return new SnapshotQuestion(
                    message.getReplyAddress(),
                    message.getSha256(),
                    message.getPosition(),
                    SnapshotPart.valueOf(message.getPart()),
                    message.getOffset(),
                    message.getBytesMax());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UndecodableException("not a question for a snapshot: " + e.getMessage(), false, e);
        }
    }

    /**
     * Decodes one piece.
     *
     * @param bytes of one piece; not kept, not changed
     * @return what was encoded
     * @throws UndecodableException if these bytes are no piece
     */
    public static SnapshotPiece decodePiece(byte[] bytes) throws UndecodableException {
        try {
            SnapshotPieceMessage message = SnapshotPieceMessage.parseFrom(bytes);
            return new SnapshotPiece(
                    message.getSha256(),
                    SnapshotPart.valueOf(message.getPart()),
                    message.getOffset(),
                    message.getBytes().toByteArray(),
                    message.getGone());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UndecodableException("not a piece of a snapshot: " + e.getMessage(), false, e);
        }
    }
}

package io.hermes.proto;

import com.google.protobuf.CodedInputStream;
import io.hermes.proto.wire.ReadReplyMessage;
import io.hermes.proto.wire.ReplyBatchMessage;
import io.hermes.proto.wire.ReplyMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Turns what travels on the reply bus into bytes and back. Pure; any thread. */
public final class ReplyCodec {

    private ReplyCodec() {}

    /**
     * Encodes one batch of replies.
     *
     * @param batch any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(ReplyBatch batch) {
        ReplyBatchMessage.Builder message = ReplyBatchMessage.newBuilder()
                .setReplica(batch.replica())
                .setIncarnation(batch.incarnation().value())
                .setAppliedThrough(batch.appliedThrough());
        for (Reply reply : batch.replies()) {
            message.addReplies(toMessage(reply));
        }
        for (ReadReply read : batch.reads()) {
            message.addReads(toMessage(read));
        }
        return message.build().toByteArray();
    }

    /**
     * Decodes one batch of replies.
     *
     * @param bytes of one batch; not kept, not changed
     * @return what was encoded
     * @throws UndecodableException if these bytes are no batch of replies
     */
    public static ReplyBatch decode(byte[] bytes) throws UndecodableException {
        try {
            CodedInputStream input = RecordCodec.input(bytes);
            ReplyBatchMessage message = ReplyBatchMessage.parseFrom(input);
            input.checkLastTagWas(0);
            List<Reply> replies = new ArrayList<>(message.getRepliesCount());
            for (ReplyMessage reply : message.getRepliesList()) {
                replies.add(new Reply(
                        RecordCodec.id(reply.getId()), reply.getPosition(), outcome(reply), reply.getReplayed()));
            }
            List<ReadReply> reads = new ArrayList<>(message.getReadsCount());
            for (ReadReplyMessage read : message.getReadsList()) {
                reads.add(new ReadReply(read.getNumber(), read.getPosition(), outcome(read)));
            }
            return new ReplyBatch(
                    message.getReplica(),
                    new Incarnation(message.getIncarnation()),
                    message.getAppliedThrough(),
                    replies,
                    reads);
        } catch (IOException | IllegalArgumentException e) {
            throw new UndecodableException("not a batch of replies: " + e.getMessage(), false, e);
        }
    }

    private static ReplyMessage toMessage(Reply reply) {
        ReplyMessage.Builder message = ReplyMessage.newBuilder()
                .setId(RecordCodec.toMessage(reply.id()))
                .setPosition(reply.position());
        if (reply.replayed()) {
            message.setReplayed(true);
        }
        return reply.outcome()
                .match(
                        answer ->
                                message.setAnswer(RecordCodec.toMessage(answer)).build(),
                        told -> switch (told) {
                            case ANSWER_NOT_KEPT -> message.setAnswerNotKept(true)
                                    .build();
                            case NOT_APPLIED -> message.setNotApplied(true).build();
                            case BARRIER_PASSED -> message.setBarrierPassed(true)
                                    .build();
                            case DIFFERENT_REQUEST -> message.setDifferentRequest(true)
                                    .build();
                            case FORGOTTEN -> message.setForgotten(true).build();
                            case CANCELLED -> message.setCancelled(true).build();
                            case MISSING_HERE -> message.setMissingHere(true).build();
                        });
    }

    private static ReadReplyMessage toMessage(ReadReply read) {
        ReadReplyMessage.Builder message =
                ReadReplyMessage.newBuilder().setNumber(read.number()).setPosition(read.position());
        return read.outcome()
                .match(
                        answer ->
                                message.setAnswer(RecordCodec.toMessage(answer)).build(),
                        refusal -> message.setRefusal(refusal.name()).build());
    }

    private static ReadOutcome outcome(ReadReplyMessage message) throws UndecodableException {
        return switch (message.getOutcomeCase()) {
            case ANSWER -> new ReadOutcome.Answered(RecordCodec.answer(message.getAnswer()));
            case REFUSAL -> ReadOutcome.Refused.of(message.getRefusal());
            case OUTCOME_NOT_SET -> throw new UndecodableException(
                    "a reply to a read with an outcome unknown here", true, null);
        };
    }

    private static ReplyOutcome outcome(ReplyMessage message) throws UndecodableException {
        return switch (message.getOutcomeCase()) {
            case ANSWER -> new ReplyOutcome.Answered(RecordCodec.answer(message.getAnswer()));
            case ANSWER_NOT_KEPT -> ReplyOutcome.Told.ANSWER_NOT_KEPT;
            case NOT_APPLIED -> ReplyOutcome.Told.NOT_APPLIED;
            case BARRIER_PASSED -> ReplyOutcome.Told.BARRIER_PASSED;
            case DIFFERENT_REQUEST -> ReplyOutcome.Told.DIFFERENT_REQUEST;
            case FORGOTTEN -> ReplyOutcome.Told.FORGOTTEN;
            case CANCELLED -> ReplyOutcome.Told.CANCELLED;
            case MISSING_HERE -> ReplyOutcome.Told.MISSING_HERE;
            case OUTCOME_NOT_SET -> throw new UndecodableException("a reply with an outcome unknown here", true, null);
        };
    }
}

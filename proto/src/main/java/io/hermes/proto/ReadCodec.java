package io.hermes.proto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.hermes.proto.wire.ReadBatchMessage;
import io.hermes.proto.wire.ReadMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Turns reads that go past the log into bytes and back. Pure; any thread. */
public final class ReadCodec {

    private ReadCodec() {}

    /**
     * Encodes reads.
     *
     * @param batch any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(ReadBatch batch) {
        ReadBatchMessage.Builder message = ReadBatchMessage.newBuilder()
                .setIncarnation(batch.incarnation().value())
                .setReplyAddress(batch.replyAddress())
                .setMinPosition(batch.minPosition())
                .setPatienceMillis(Math.toIntExact(batch.patience().toMillis()));
        for (ReadBatch.Read read : batch.reads()) {
            message.addReads(toMessage(read));
        }
        return message.build().toByteArray();
    }

    /**
     * Decodes reads.
     *
     * @param bytes of one batch; not kept, not changed
     * @return what was encoded
     * @throws UndecodableException if these bytes are no batch of reads
     */
    public static ReadBatch decode(byte[] bytes) throws UndecodableException {
        try {
            CodedInputStream input = RecordCodec.input(bytes);
            ReadBatchMessage message = ReadBatchMessage.parseFrom(input);
            input.checkLastTagWas(0);
            List<ReadBatch.Read> reads = new ArrayList<>(message.getReadsCount());
            for (ReadMessage read : message.getReadsList()) {
                reads.add(new ReadBatch.Read(
                        read.getNumber(),
                        new Request(
                                read.getMethod(),
                                RecordCodec.text(read.getTarget()),
                                RecordCodec.headers(read.getHeadersList()),
                                read.getBody().toByteArray())));
            }
            return new ReadBatch(
                    new Incarnation(message.getIncarnation()),
                    message.getReplyAddress(),
                    message.getMinPosition(),
                    Duration.ofMillis(message.getPatienceMillis()),
                    reads);
        } catch (IOException | IllegalArgumentException e) {
            throw new UndecodableException("not a batch of reads: " + e.getMessage(), false, e);
        }
    }

    private static ReadMessage toMessage(ReadBatch.Read read) {
        ReadMessage.Builder message = ReadMessage.newBuilder()
                .setNumber(read.number())
                .setMethod(read.request().method())
                .setTarget(RecordCodec.latin(read.request().target()))
                .setBody(UnsafeByteOperations.unsafeWrap(read.request().body()));
        for (Header header : read.request().headers()) {
            message.addHeaders(RecordCodec.toMessage(header));
        }
        return message.build();
    }
}

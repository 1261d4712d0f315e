package io.hermes.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.hermes.proto.wire.AnswerMessage;
import io.hermes.proto.wire.AskAgainMessage;
import io.hermes.proto.wire.BarrierMessage;
import io.hermes.proto.wire.HeaderMessage;
import io.hermes.proto.wire.LogRecordMessage;
import io.hermes.proto.wire.RequestIdMessage;
import io.hermes.proto.wire.RequestMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns the content of the log into bytes and back. Pure; any thread. */
public final class RecordCodec {

    private RecordCodec() {}

    /**
     * Encodes one record.
     *
     * @param content any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(LogContent content) {
        LogRecordMessage.Builder message = LogRecordMessage.newBuilder();
        content.match(
                request -> message.setRequest(toMessage(request)),
                askAgain -> message.setAskAgain(toMessage(askAgain)),
                barrier -> message.setBarrier(toMessage(barrier)));
        return message.build().toByteArray();
    }

    /**
     * Decodes one record.
     *
     * @param bytes of one record; not kept, not changed
     * @return what it means
     * @throws UndecodableException if no version of ours wrote these bytes, or a later one with a kind unknown here
     */
    public static LogContent decode(byte[] bytes) throws UndecodableException {
        try {
            LogRecordMessage message = LogRecordMessage.parseFrom(bytes);
            return switch (message.getKindCase()) {
                case REQUEST -> fromMessage(message.getRequest());
                case ASK_AGAIN -> fromMessage(message.getAskAgain());
                case BARRIER -> fromMessage(message.getBarrier());
                case KIND_NOT_SET -> throw ofNoKnownKind(message);
            };
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UndecodableException("not a record of Hermes: " + e.getMessage(), false, e);
        }
    }

    private static UndecodableException ofNoKnownKind(LogRecordMessage message) {
        boolean later = !message.getUnknownFields().asMap().isEmpty();
        return new UndecodableException(
                later ? "a record of a kind that only a later version knows" : "an empty record", later, null);
    }

    private static RequestMessage toMessage(RequestRecord record) {
        RequestMessage.Builder message = RequestMessage.newBuilder()
                .setId(toMessage(record.id()))
                .setMethod(record.request().method())
                .setTarget(latin(record.request().target()))
                .setBody(UnsafeByteOperations.unsafeWrap(record.request().body()))
                .setLogTimeMillis(record.logTimeMillis())
                .setSeed(record.seed())
                .setTraceParent(record.traceParent())
                .setReplyAddress(record.route().address())
                .setResponder(record.route().responder())
                .setSeenThrough(record.seenThrough())
                .setLowestUnfinished(record.lowestUnfinished());
        for (Header header : record.request().headers()) {
            message.addHeaders(toMessage(header));
        }
        return message.build();
    }

    private static RequestRecord fromMessage(RequestMessage message) {
        Request request = new Request(
                message.getMethod(),
                text(message.getTarget()),
                headers(message.getHeadersList()),
                message.getBody().toByteArray());
        return new RequestRecord(
                id(message.getId()),
                request,
                message.getLogTimeMillis(),
                message.getSeed(),
                message.getTraceParent(),
                new ReplyRoute(message.getReplyAddress(), message.getResponder()),
                message.getSeenThrough(),
                message.getLowestUnfinished());
    }

    private static AskAgainMessage toMessage(AskAgainRecord record) {
        return AskAgainMessage.newBuilder()
                .setId(toMessage(record.id()))
                .setPosition(record.position())
                .setReplyAddress(record.route().address())
                .setResponder(record.route().responder())
                .build();
    }

    private static AskAgainRecord fromMessage(AskAgainMessage message) {
        return new AskAgainRecord(
                id(message.getId()),
                message.getPosition(),
                new ReplyRoute(message.getReplyAddress(), message.getResponder()));
    }

    private static BarrierMessage toMessage(BarrierRecord record) {
        return BarrierMessage.newBuilder()
                .setId(toMessage(record.id()))
                .setReplyAddress(record.route().address())
                .setResponder(record.route().responder())
                .setLogTimeMillis(record.logTimeMillis())
                .build();
    }

    private static BarrierRecord fromMessage(BarrierMessage message) {
        return new BarrierRecord(
                id(message.getId()),
                new ReplyRoute(message.getReplyAddress(), message.getResponder()),
                message.getLogTimeMillis());
    }

    static RequestIdMessage toMessage(RequestId id) {
        return RequestIdMessage.newBuilder()
                .setIncarnation(id.incarnation().value())
                .setNumber(id.number())
                .build();
    }

    static RequestId id(RequestIdMessage message) {
        return new RequestId(new Incarnation(message.getIncarnation()), message.getNumber());
    }

    static AnswerMessage toMessage(Answer answer) {
        AnswerMessage.Builder message = AnswerMessage.newBuilder()
                .setStatus(answer.status())
                .setBody(UnsafeByteOperations.unsafeWrap(answer.body()));
        for (Header header : answer.headers()) {
            message.addHeaders(toMessage(header));
        }
        return message.build();
    }

    static Answer answer(AnswerMessage message) {
        return new Answer(
                message.getStatus(),
                headers(message.getHeadersList()),
                message.getBody().toByteArray());
    }

    private static HeaderMessage toMessage(Header header) {
        return HeaderMessage.newBuilder()
                .setName(latin(header.name()))
                .setValue(latin(header.value()))
                .build();
    }

    private static List<Header> headers(List<HeaderMessage> messages) {
        List<Header> headers = new ArrayList<>(messages.size());
        for (HeaderMessage message : messages) {
            headers.add(new Header(text(message.getName()), text(message.getValue())));
        }
        return headers;
    }

    private static ByteString latin(String text) {
        return UnsafeByteOperations.unsafeWrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(ByteString bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}

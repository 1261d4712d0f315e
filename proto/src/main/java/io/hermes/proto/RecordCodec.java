package io.hermes.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.hermes.proto.wire.AnswerMessage;
import io.hermes.proto.wire.AskAgainMessage;
import io.hermes.proto.wire.BarrierMessage;
import io.hermes.proto.wire.CloseWindowMessage;
import io.hermes.proto.wire.CorrelationIdMessage;
import io.hermes.proto.wire.HeaderMessage;
import io.hermes.proto.wire.InitialStateMessage;
import io.hermes.proto.wire.InquiryMessage;
import io.hermes.proto.wire.KeepMessage;
import io.hermes.proto.wire.LogRecordMessage;
import io.hermes.proto.wire.RequestMessage;
import io.hermes.proto.wire.RequestNameMessage;
import io.hermes.proto.wire.SettingsMessage;
import io.hermes.proto.wire.SkipMessage;
import io.hermes.proto.wire.SnapshotTakenMessage;
import io.hermes.proto.wire.TakeSnapshotMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the content of the log into bytes and back. Pure; any thread. */
public final class RecordCodec {

    private static final LogContent.Cases<LogRecordMessage> ENCODING = new LogContent.Cases<>() {
        @Override
        public LogRecordMessage request(RequestRecord record) {
            return LogRecordMessage.newBuilder().setRequest(toMessage(record)).build();
        }

        @Override
        public LogRecordMessage askAgain(AskAgainRecord record) {
            return LogRecordMessage.newBuilder().setAskAgain(toMessage(record)).build();
        }

        @Override
        public LogRecordMessage barrier(BarrierRecord record) {
            return LogRecordMessage.newBuilder().setBarrier(toMessage(record)).build();
        }

        @Override
        public LogRecordMessage inquiry(InquiryRecord record) {
            return LogRecordMessage.newBuilder().setInquiry(toMessage(record)).build();
        }

        @Override
        public LogRecordMessage keep(KeepRecord record) {
            return LogRecordMessage.newBuilder().setKeep(toMessage(record)).build();
        }

        @Override
        public LogRecordMessage settings(SettingsRecord record) {
            return LogRecordMessage.newBuilder()
                    .setSettings(toMessage(record.settings()))
                    .build();
        }

        @Override
        public LogRecordMessage skip(SkipRecord record) {
            return LogRecordMessage.newBuilder()
                    .setSkip(SkipMessage.newBuilder()
                            .setPosition(record.position())
                            .setReason(record.reason()))
                    .build();
        }

        @Override
        public LogRecordMessage initialState(InitialStateRecord record) {
            return LogRecordMessage.newBuilder()
                    .setInitialState(InitialStateMessage.newBuilder().setDigest(record.digest()))
                    .build();
        }

        @Override
        public LogRecordMessage takeSnapshot(TakeSnapshotRecord record) {
            return LogRecordMessage.newBuilder()
                    .setTakeSnapshot(TakeSnapshotMessage.newBuilder().setReplica(record.replica()))
                    .build();
        }

        @Override
        public LogRecordMessage windowDigest(WindowDigestRecord record) {
            return LogRecordMessage.newBuilder()
                    .setWindowDigest(WindowCodec.toMessage(record))
                    .build();
        }

        @Override
        public LogRecordMessage snapshotTaken(SnapshotTakenRecord record) {
            return LogRecordMessage.newBuilder()
                    .setSnapshotTaken(SnapshotTakenMessage.newBuilder()
                            .setReplica(record.replica())
                            .setPosition(record.position())
                            .setBytes(record.bytes())
                            .setSha256(record.sha256())
                            .setFailure(record.failure()))
                    .build();
        }

        @Override
        public LogRecordMessage windowDetail(WindowDetailRecord record) {
            return LogRecordMessage.newBuilder()
                    .setWindowDetail(WindowCodec.toMessage(record))
                    .build();
        }

        @Override
        public LogRecordMessage closeWindow(CloseWindowRecord record) {
            return LogRecordMessage.newBuilder()
                    .setCloseWindow(CloseWindowMessage.newBuilder().setBy(record.by()))
                    .build();
        }
    };

    private RecordCodec() {}

    /**
     * Encodes one record.
     *
     * @param content any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(LogContent content) {
        return content.match(ENCODING).toByteArray();
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
            CodedInputStream input = input(bytes);
            LogRecordMessage message = LogRecordMessage.parseFrom(input);
            input.checkLastTagWas(0);
            return switch (message.getKindCase()) {
                case REQUEST -> fromMessage(message.getRequest());
                case ASK_AGAIN -> fromMessage(message.getAskAgain());
                case BARRIER -> fromMessage(message.getBarrier());
                case INQUIRY -> fromMessage(message.getInquiry());
                case KEEP -> fromMessage(message.getKeep());
                case SETTINGS -> new SettingsRecord(settings(message.getSettings()));
                case SKIP -> new SkipRecord(
                        message.getSkip().getPosition(), message.getSkip().getReason());
                case INITIAL_STATE -> new InitialStateRecord(
                        message.getInitialState().getDigest());
                case TAKE_SNAPSHOT -> new TakeSnapshotRecord(
                        message.getTakeSnapshot().getReplica());
                case SNAPSHOT_TAKEN -> fromMessage(message.getSnapshotTaken());
                case WINDOW_DIGEST -> WindowCodec.digest(message.getWindowDigest());
                case WINDOW_DETAIL -> WindowCodec.detail(message.getWindowDetail());
                case CLOSE_WINDOW -> new CloseWindowRecord(
                        message.getCloseWindow().getBy());
                case KIND_NOT_SET -> throw ofNoKnownKind(message);
            };
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new UndecodableException("not a record of Hermes: " + e.getMessage(), false, e);
        }
    }

    /** Fields of bytes point into the array, since no message outlives its decoding: what is made of them is a copy. */
    static CodedInputStream input(byte[] bytes) {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        input.enableAliasing(true);
        return input;
    }

    private static UndecodableException ofNoKnownKind(LogRecordMessage message) {
        boolean later = !message.getUnknownFields().asMap().isEmpty();
        return new UndecodableException(
                later ? "a record of a kind that only a later version knows" : "an empty record", later, null);
    }

    private static SnapshotTakenRecord fromMessage(SnapshotTakenMessage message) {
        return new SnapshotTakenRecord(
                message.getReplica(),
                message.getPosition(),
                message.getBytes(),
                message.getSha256(),
                message.getFailure());
    }

    private static RequestMessage toMessage(RequestRecord record) {
        RequestMessage.Builder message = RequestMessage.newBuilder()
                .setId(toMessage(record.correlation()))
                .setPrincipal(record.identity().principal())
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
        if (record.identity().isNamed()) {
            message.setName(toMessage(record.identity().id()));
        }
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
                identity(message.getId(), message.hasName() ? message.getName() : null, message.getPrincipal()),
                request,
                message.getLogTimeMillis(),
                message.getSeed(),
                message.getTraceParent(),
                new ReplyRoute(message.getReplyAddress(), message.getResponder()),
                message.getSeenThrough(),
                message.getLowestUnfinished());
    }

    private static AskAgainMessage toMessage(AskAgainRecord record) {
        AskAgainMessage.Builder message = AskAgainMessage.newBuilder()
                .setId(toMessage(record.identity().correlation()))
                .setPrincipal(record.identity().principal())
                .setPosition(record.position())
                .setReplyAddress(record.route().address())
                .setResponder(record.route().responder());
        if (record.identity().isNamed()) {
            message.setName(toMessage(record.identity().id()));
        }
        Fingerprint fingerprint = record.fingerprint();
        if (fingerprint != null) {
            message.setFingerprint(UnsafeByteOperations.unsafeWrap(fingerprint.toBytes()));
        }
        return message.build();
    }

    private static AskAgainRecord fromMessage(AskAgainMessage message) {
        return new AskAgainRecord(
                identity(message.getId(), message.hasName() ? message.getName() : null, message.getPrincipal()),
                message.getPosition(),
                new ReplyRoute(message.getReplyAddress(), message.getResponder()),
                message.getFingerprint().isEmpty()
                        ? null
                        : Fingerprint.fromBytes(message.getFingerprint().toByteArray()));
    }

    private static InquiryMessage toMessage(InquiryRecord record) {
        return InquiryMessage.newBuilder()
                .setId(toMessage(record.identity().correlation()))
                .setName(toMessage(record.identity().id()))
                .setPrincipal(record.identity().principal())
                .setCancel(record.cancel())
                .setReplyAddress(record.route().address())
                .setResponder(record.route().responder())
                .setLogTimeMillis(record.logTimeMillis())
                .build();
    }

    private static InquiryRecord fromMessage(InquiryMessage message) {
        return new InquiryRecord(
                identity(message.getId(), message.getName(), message.getPrincipal()),
                message.getCancel(),
                new ReplyRoute(message.getReplyAddress(), message.getResponder()),
                message.getLogTimeMillis());
    }

    private static KeepMessage toMessage(KeepRecord record) {
        return KeepMessage.newBuilder()
                .setIncarnation(record.incarnation().value())
                .addAllNumbers(record.numbers())
                .setLogTimeMillis(record.logTimeMillis())
                .build();
    }

    private static KeepRecord fromMessage(KeepMessage message) {
        return new KeepRecord(
                new Incarnation(message.getIncarnation()), message.getNumbersList(), message.getLogTimeMillis());
    }

    static SettingsMessage toMessage(Settings settings) {
        return SettingsMessage.newBuilder()
                .setRevision(settings.revision())
                .setFeatureLevel(settings.featureLevel())
                .setKeysMax(settings.keysMax())
                .setKeyRetentionMillis(settings.keyRetention().toMillis())
                .setRequestsMax(settings.requestsMax())
                .setIngressRetentionMillis(settings.ingressRetention().toMillis())
                .setAnswerBytesMax(settings.answerBytesMax())
                .addAllRoutes(settings.routes().texts())
                .setWindow(settings.windows().ordinals())
                .addAllDigestHeaders(settings.windows().digestHeaders())
                .addAllReplicas(settings.windows().replicas())
                .build();
    }

    static Settings settings(SettingsMessage message) {
        return new Settings(
                message.getRevision(),
                message.getFeatureLevel(),
                Math.toIntExact(message.getKeysMax()),
                Duration.ofMillis(message.getKeyRetentionMillis()),
                Math.toIntExact(message.getRequestsMax()),
                Duration.ofMillis(message.getIngressRetentionMillis()),
                message.getAnswerBytesMax(),
                Routes.parse(message.getRoutesList()),
                new Windows(message.getWindow(), message.getDigestHeadersList(), message.getReplicasList()));
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

    static RequestNameMessage toMessage(RequestId id) {
        RequestNameMessage.Builder message = RequestNameMessage.newBuilder();
        if (id instanceof RequestId.Made made) {
            message.setMade(toMessage(made.first()));
        } else {
            message.setKey(id.text());
        }
        return message.build();
    }

    static RequestId name(RequestNameMessage message, String principal) {
        return switch (message.getNameCase()) {
            case KEY -> new RequestId.Key(principal, message.getKey());
            case MADE -> new RequestId.Made(id(message.getMade()));
            case NAME_NOT_SET -> throw new IllegalArgumentException("a name that only a later version knows");
        };
    }

    private static Identity identity(
            CorrelationIdMessage waiting, @Nullable RequestNameMessage name, String principal) {
        CorrelationId correlation = id(waiting);
        return name == null
                ? Identity.unnamed(correlation, principal)
                : new Identity(correlation, name(name, principal), principal);
    }

    static CorrelationIdMessage toMessage(CorrelationId id) {
        return CorrelationIdMessage.newBuilder()
                .setIncarnation(id.incarnation().value())
                .setNumber(id.number())
                .build();
    }

    static CorrelationId id(CorrelationIdMessage message) {
        return new CorrelationId(new Incarnation(message.getIncarnation()), message.getNumber());
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

    static HeaderMessage toMessage(Header header) {
        return HeaderMessage.newBuilder()
                .setName(latin(header.name()))
                .setValue(latin(header.value()))
                .build();
    }

    static List<Header> headers(List<HeaderMessage> messages) {
        List<Header> headers = new ArrayList<>(messages.size());
        for (HeaderMessage message : messages) {
            headers.add(new Header(text(message.getName()), text(message.getValue())));
        }
        return headers;
    }

    static ByteString latin(String text) {
        return UnsafeByteOperations.unsafeWrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(ByteString bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}

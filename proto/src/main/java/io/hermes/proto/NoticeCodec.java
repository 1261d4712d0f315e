package io.hermes.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hermes.proto.wire.IngressNoticeMessage;
import io.hermes.proto.wire.NoticeMessage;
import io.hermes.proto.wire.ReplicaNoticeMessage;

/** Turns what stands on the bulletin into bytes and back. Pure; any thread. */
public final class NoticeCodec {

    private NoticeCodec() {}

    /**
     * Encodes one notice.
     *
     * @param notice any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(Notice notice) {
        NoticeMessage.Builder message = NoticeMessage.newBuilder();
        notice.match(
                replica -> message.setReplica(ReplicaNoticeMessage.newBuilder()
                        .setReplica(replica.replica())
                        .setIncarnation(replica.incarnation().value())
                        .setState(replica.state().name())
                        .setAppliedThrough(replica.appliedThrough())
                        .setReason(replica.reason())),
                ingress -> message.setIngress(IngressNoticeMessage.newBuilder()
                        .setIngress(ingress.ingress())
                        .setIncarnation(ingress.incarnation().value())
                        .setReady(ingress.ready())
                        .setReason(ingress.reason())));
        return message.build().toByteArray();
    }

    /**
     * Decodes one notice.
     *
     * @param bytes of one notice; not kept, not changed
     * @return what was encoded
     * @throws UndecodableException if these bytes are no notice that this version knows
     */
    public static Notice decode(byte[] bytes) throws UndecodableException {
        try {
            NoticeMessage message = NoticeMessage.parseFrom(bytes);
            switch (message.getKindCase()) {
                case REPLICA:
                    ReplicaNoticeMessage replica = message.getReplica();
                    return new Notice.OfReplica(
                            replica.getReplica(),
                            new Incarnation(replica.getIncarnation()),
                            ReplicaState.valueOf(replica.getState()),
                            replica.getAppliedThrough(),
                            replica.getReason());
                case INGRESS:
                    IngressNoticeMessage ingress = message.getIngress();
                    return new Notice.OfIngress(
                            ingress.getIngress(),
                            new Incarnation(ingress.getIncarnation()),
                            ingress.getReady(),
                            ingress.getReason());
                case KIND_NOT_SET:
                    throw new UndecodableException("a notice of an unknown kind", true, null);
            }
            throw new AssertionError(message.getKindCase());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UndecodableException("not a notice: " + e.getMessage(), false, e);
        }
    }
}

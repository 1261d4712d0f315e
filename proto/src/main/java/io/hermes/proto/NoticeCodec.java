package io.hermes.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hermes.proto.wire.IngressNoticeMessage;
import io.hermes.proto.wire.NoticeMessage;
import io.hermes.proto.wire.ReplicaNoticeMessage;
import io.hermes.proto.wire.SnapshotNoticeMessage;

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
                        .setAppIncarnations(replica.appIncarnations())
                        .setClockMillis(replica.clockMillis())
                        .setLogTimeMillis(replica.logTimeMillis())
                        .setReadAddress(replica.reads().address())
                        .setSettingsRevision(replica.reads().settingsRevision())
                        .addAllRoutes(replica.reads().routes().texts())
                        .setSnapshots(toMessage(replica.snapshots()))
                        .setWindow(replica.divergence().ordinals())
                        .setEqualBelow(replica.divergence().equalBelow())
                        .setDivergence(replica.divergence().alarm())
                        .addAllReplicas(replica.divergence().replicas())
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
            return switch (message.getKindCase()) {
                case REPLICA -> replica(message.getReplica());
                case INGRESS -> ingress(message.getIngress());
                case KIND_NOT_SET -> throw new UndecodableException("a notice of an unknown kind", true, null);
            };
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UndecodableException("not a notice: " + e.getMessage(), false, e);
        }
    }

    private static Notice.OfReplica replica(ReplicaNoticeMessage message) {
        return new Notice.OfReplica(
                message.getReplica(),
                new Incarnation(message.getIncarnation()),
                ReplicaState.valueOf(message.getState()),
                message.getAppliedThrough(),
                message.getReason(),
                message.getAppIncarnations(),
                message.getClockMillis(),
                message.getLogTimeMillis(),
                new Notice.Reads(
                        message.getReadAddress(), message.getSettingsRevision(), Routes.parse(message.getRoutesList())),
                snapshots(message.getSnapshots()),
                new Notice.Divergence(
                        message.getWindow(),
                        message.getEqualBelow(),
                        message.getDivergence(),
                        message.getReplicasList()));
    }

    private static SnapshotNoticeMessage toMessage(Notice.Snapshots snapshots) {
        return SnapshotNoticeMessage.newBuilder()
                .setPosition(snapshots.position())
                .setOlderPosition(snapshots.olderPosition())
                .setBytes(snapshots.bytes())
                .setSha256(snapshots.sha256())
                .setAddress(snapshots.address())
                .setFeatureLevel(snapshots.featureLevel())
                .setUnderWay(snapshots.underWay())
                .build();
    }

    private static Notice.Snapshots snapshots(SnapshotNoticeMessage message) {
        return new Notice.Snapshots(
                message.getPosition(),
                message.getOlderPosition(),
                message.getBytes(),
                message.getSha256(),
                message.getAddress(),
                message.getFeatureLevel(),
                message.getUnderWay());
    }

    private static Notice.OfIngress ingress(IngressNoticeMessage message) {
        return new Notice.OfIngress(
                message.getIngress(),
                new Incarnation(message.getIncarnation()),
                message.getReady(),
                message.getReason());
    }
}

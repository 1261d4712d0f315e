package io.hermes.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.hermes.proto.wire.CheckpointMessage;
import io.hermes.proto.wire.EntryMessage;
import io.hermes.proto.wire.IngressRowMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns checkpoints into bytes and back. Pure; any thread. */
public final class CheckpointCodec {

    private CheckpointCodec() {}

    /**
     * Encodes one checkpoint.
     *
     * @param checkpoint any
     * @return fresh bytes that belong to the caller
     */
    public static byte[] encode(Checkpoint checkpoint) {
        CheckpointMessage.Builder message = CheckpointMessage.newBuilder()
                .setLogIdentity(checkpoint.logIdentity())
                .setPosition(checkpoint.position())
                .setExecutedThrough(checkpoint.executedThrough())
                .setLogTimeMillis(checkpoint.logTimeMillis())
                .setHorizon(checkpoint.horizon())
                .setRowsLost(checkpoint.rowsLost())
                .setSettings(RecordCodec.toMessage(checkpoint.settings()));
        String initialState = checkpoint.initialState();
        if (initialState != null) {
            message.setInitialState(initialState);
        }
        message.addAllHonouredSkips(checkpoint.honouredSkips());
        message.addAllKnownSkips(checkpoint.anchor().knownSkips())
                .setRecordSha256(checkpoint.anchor().recordSha256());
        checkpoint.rows().forEach(row -> message.addRows(toMessage(row)));
        checkpoint.entries().forEach(entry -> message.addEntries(toMessage(entry)));
        Comparison comparison = checkpoint.comparison();
        Comparison.Open open = comparison.open();
        if (open != null) {
            message.setOpenWindow(WindowCodec.toMessage(open));
        }
        comparison.digests().forEach(digest -> message.addDigests(WindowCodec.toMessage(digest)));
        message.setVerdicts(WindowCodec.toMessage(comparison.decided()));
        comparison.own().forEach(digest -> message.addOwnDigests(WindowCodec.toMessage(digest)));
        return message.build().toByteArray();
    }

    /**
     * Decodes one checkpoint.
     *
     * @param bytes of one checkpoint; not kept, not changed
     * @return what was encoded
     * @throws UndecodableException if these bytes are no checkpoint
     */
    public static Checkpoint decode(byte[] bytes) throws UndecodableException {
        try {
            CheckpointMessage message = CheckpointMessage.parseFrom(bytes);
            List<Checkpoint.Row> rows = message.getRowsList().stream()
                    .map(CheckpointCodec::fromMessage)
                    .toList();
            List<Checkpoint.Entry> entries = message.getEntriesList().stream()
                    .map(CheckpointCodec::fromMessage)
                    .toList();
            return new Checkpoint(
                    message.getLogIdentity(),
                    message.getPosition(),
                    message.getExecutedThrough(),
                    message.getLogTimeMillis(),
                    message.getHorizon(),
                    message.getRowsLost(),
                    RecordCodec.settings(message.getSettings()),
                    message.hasInitialState() ? message.getInitialState() : null,
                    message.getHonouredSkipsList(),
                    rows,
                    entries,
                    new Checkpoint.Anchor(message.getKnownSkipsList(), message.getRecordSha256()),
                    new Comparison(
                            message.hasOpenWindow() ? WindowCodec.open(message.getOpenWindow()) : null,
                            message.getDigestsList().stream()
                                    .map(WindowCodec::digest)
                                    .toList(),
                            WindowCodec.decided(message.getVerdicts()),
                            message.getOwnDigestsList().stream()
                                    .map(WindowCodec::digest)
                                    .toList()));
        } catch (InvalidProtocolBufferException | IllegalArgumentException | ArithmeticException e) {
            throw new UndecodableException("not a checkpoint: " + e.getMessage(), false, e);
        }
    }

    private static IngressRowMessage toMessage(Checkpoint.Row row) {
        return IngressRowMessage.newBuilder()
                .setIncarnation(row.incarnation().value())
                .setReleasedBelow(row.releasedBelow())
                .setLastPosition(row.lastPosition())
                .setLastTimeMillis(row.lastTimeMillis())
                .setLossy(row.lossy())
                .build();
    }

    private static Checkpoint.Row fromMessage(IngressRowMessage message) {
        return new Checkpoint.Row(
                new Incarnation(message.getIncarnation()),
                message.getReleasedBelow(),
                message.getLastPosition(),
                message.getLastTimeMillis(),
                message.getLossy());
    }

    private static EntryMessage toMessage(Checkpoint.Entry entry) {
        EntryMessage.Builder message = EntryMessage.newBuilder()
                .setName(RecordCodec.toMessage(entry.id()))
                .setPrincipal(entry.principal())
                .setPosition(entry.position())
                .setTimeMillis(entry.timeMillis())
                .setState(entry.state().name())
                .setNamed(entry.named())
                .setMissing(entry.missing());
        CorrelationId first = entry.first();
        if (first != null) {
            message.setFirst(RecordCodec.toMessage(first));
        }
        Fingerprint fingerprint = entry.fingerprint();
        if (fingerprint != null) {
            message.setFingerprint(UnsafeByteOperations.unsafeWrap(fingerprint.toBytes()));
        }
        Answer answer = entry.answer();
        if (answer != null) {
            message.setAnswer(RecordCodec.toMessage(answer));
        }
        return message.build();
    }

    private static Checkpoint.Entry fromMessage(EntryMessage message) {
        return new Checkpoint.Entry(
                RecordCodec.name(message.getName(), message.getPrincipal()),
                message.getPrincipal(),
                message.hasFirst() ? RecordCodec.id(message.getFirst()) : null,
                message.getPosition(),
                message.getTimeMillis(),
                fingerprint(message),
                Checkpoint.EntryState.valueOf(message.getState()),
                message.getNamed(),
                message.hasAnswer() ? RecordCodec.answer(message.getAnswer()) : null,
                message.getMissing());
    }

    private static @Nullable Fingerprint fingerprint(EntryMessage message) {
        return message.getFingerprint().isEmpty()
                ? null
                : Fingerprint.fromBytes(message.getFingerprint().toByteArray());
    }
}

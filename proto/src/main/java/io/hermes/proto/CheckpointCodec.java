package io.hermes.proto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.hermes.proto.wire.CheckpointMessage;
import io.hermes.proto.wire.EntryMessage;
import io.hermes.proto.wire.IngressRowMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns checkpoints into bytes and back. Pure; any thread. Of what may be many, the entries, one message at a time is in memory: they would take
 * more together than the table that is written.
 */
public final class CheckpointCodec {

    private static final int ENTRY_TAG =
            CheckpointMessage.ENTRIES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

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
        Comparison comparison = checkpoint.comparison();
        Comparison.Open open = comparison.open();
        if (open != null) {
            message.setOpenWindow(WindowCodec.toMessage(open));
        }
        comparison.digests().forEach(digest -> message.addDigests(WindowCodec.toMessage(digest)));
        message.setVerdicts(WindowCodec.toMessage(comparison.decided()));
        comparison.own().forEach(digest -> message.addOwnDigests(WindowCodec.toMessage(digest)));
        return withEntries(message.build().toByteArray(), checkpoint.entries());
    }

    /** Made twice each: once to know how long they are. */
    private static byte[] withEntries(byte[] rest, List<Checkpoint.Entry> entries) {
        int field = CheckpointMessage.ENTRIES_FIELD_NUMBER;
        long length = rest.length;
        for (Checkpoint.Entry entry : entries) {
            length += CodedOutputStream.computeMessageSize(field, toMessage(entry));
        }
        byte[] bytes = new byte[Math.toIntExact(length)];
        System.arraycopy(rest, 0, bytes, 0, rest.length);
        CodedOutputStream output = CodedOutputStream.newInstance(bytes, rest.length, bytes.length - rest.length);
        try {
            for (Checkpoint.Entry entry : entries) {
                output.writeMessage(field, toMessage(entry));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an entry changed while it was written", e);
        }
        output.checkNoSpaceLeft();
        return bytes;
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
            List<Checkpoint.Entry> entries = new ArrayList<>();
            CheckpointMessage message =
                    CheckpointMessage.parseFrom(withoutEntries(bytes, entries).toByteString());
            List<Checkpoint.Row> rows = message.getRowsList().stream()
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
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new UndecodableException("not a checkpoint: " + e.getMessage(), false, e);
        }
    }

    /** Adds the entries to a list; what is left are few fields. */
    private static UnknownFieldSet withoutEntries(byte[] bytes, List<Checkpoint.Entry> entries) throws IOException {
        CodedInputStream input = CodedInputStream.newInstance(bytes);
        UnknownFieldSet.Builder rest = UnknownFieldSet.newBuilder();
        Map<Incarnation, Incarnation> known = new HashMap<>();
        int tag = input.readTag();
        while (tag != 0) {
            if (tag == ENTRY_TAG) {
                entries.add(fromMessage(
                        input.readMessage(EntryMessage.parser(), ExtensionRegistryLite.getEmptyRegistry()), known));
            } else if (!rest.mergeFieldFrom(tag, input)) {
                throw new IllegalArgumentException("the end of no group");
            }
            tag = input.readTag();
        }
        return rest.build();
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

    /** Entries of one incarnation share it: there may be hundreds of thousands. */
    private static Checkpoint.Entry fromMessage(EntryMessage message, Map<Incarnation, Incarnation> known) {
        CorrelationId first = message.hasFirst() ? RecordCodec.id(message.getFirst()) : null;
        return new Checkpoint.Entry(
                RecordCodec.name(message.getName(), message.getPrincipal()),
                message.getPrincipal(),
                first == null
                        ? null
                        : new CorrelationId(
                                known.computeIfAbsent(first.incarnation(), incarnation -> incarnation), first.number()),
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

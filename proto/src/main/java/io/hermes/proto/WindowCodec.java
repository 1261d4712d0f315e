package io.hermes.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.hermes.proto.wire.OpenWindowMessage;
import io.hermes.proto.wire.VerdictsMessage;
import io.hermes.proto.wire.WindowDetailMessage;
import io.hermes.proto.wire.WindowDigestMessage;

/** The parts of records and checkpoints that are about windows. Pure; any thread. */
final class WindowCodec {

    private WindowCodec() {}

    static WindowDigestMessage toMessage(WindowDigestRecord record) {
        return WindowDigestMessage.newBuilder()
                .setReplica(record.replica())
                .setAppVersion(record.appVersion())
                .setIncarnation(record.incarnation())
                .setWindow(record.window())
                .setDigest(UnsafeByteOperations.unsafeWrap(record.digest().bytes()))
                .setOrdinals(record.ordinals())
                .setAfter(record.after())
                .setThrough(record.through())
                .setSkipped(record.skipped())
                .build();
    }

    static WindowDigestRecord digest(WindowDigestMessage message) {
        return new WindowDigestRecord(
                message.getReplica(),
                message.getAppVersion(),
                message.getIncarnation(),
                message.getWindow(),
                WindowDigest.of(message.getDigest().toByteArray()),
                message.getOrdinals(),
                message.getAfter(),
                message.getThrough(),
                message.getSkipped());
    }

    static WindowDetailMessage toMessage(WindowDetailRecord record) {
        WindowDetailMessage.Builder message = WindowDetailMessage.newBuilder()
                .setReplica(record.replica())
                .setWindow(record.window())
                .setEntries(UnsafeByteOperations.unsafeWrap(record.entries()));
        WindowDetailRecord.Told told = record.told();
        if (told != null) {
            message.setPosition(told.position())
                    .setMethod(told.method())
                    .setTarget(RecordCodec.latin(told.target()))
                    .setBodyBytes(told.bodyBytes());
            Answer answer = told.answer();
            if (answer != null) {
                message.setAnswer(RecordCodec.toMessage(answer));
            }
        }
        return message.build();
    }

    static WindowDetailRecord detail(WindowDetailMessage message) {
        ByteString entries = message.getEntries();
        WindowDetailRecord.Told told = message.getPosition() == 0
                ? null
                : new WindowDetailRecord.Told(
                        message.getPosition(),
                        message.getMethod(),
                        RecordCodec.text(message.getTarget()),
                        message.hasAnswer() ? RecordCodec.answer(message.getAnswer()) : null,
                        message.getBodyBytes());
        return new WindowDetailRecord(message.getReplica(), message.getWindow(), entries.toByteArray(), told);
    }

    static OpenWindowMessage toMessage(Comparison.Open open) {
        return OpenWindowMessage.newBuilder()
                .setWindow(open.window())
                .setAfter(open.after())
                .setSkipped(open.skipped())
                .setSize(open.size())
                .addAllDigestHeaders(open.digestHeaders())
                .setEntries(UnsafeByteOperations.unsafeWrap(open.entries()))
                .setIncomplete(open.incomplete())
                .build();
    }

    static Comparison.Open open(OpenWindowMessage message) {
        return new Comparison.Open(
                message.getWindow(),
                message.getAfter(),
                message.getSkipped(),
                message.getSize(),
                message.getDigestHeadersList(),
                message.getEntries().toByteArray(),
                message.getIncomplete());
    }

    static VerdictsMessage toMessage(Comparison.Decided decided) {
        return VerdictsMessage.newBuilder()
                .setQuarantined(decided.quarantined())
                .setQuarantinedRun(decided.quarantinedRun())
                .setQuarantinedAfter(decided.quarantinedAfter())
                .setQuarantineMillis(decided.quarantineMillis())
                .setEqualBelow(decided.equalBelow())
                .setUnequal(decided.unequal())
                .setAlarm(decided.alarm())
                .addAllReported(decided.reported())
                .build();
    }

    static Comparison.Decided decided(VerdictsMessage message) {
        return new Comparison.Decided(
                message.getQuarantined(),
                message.getQuarantinedRun(),
                message.getQuarantinedAfter(),
                message.getQuarantineMillis(),
                message.getEqualBelow(),
                message.getUnequal(),
                message.getAlarm(),
                message.getReportedList());
    }
}

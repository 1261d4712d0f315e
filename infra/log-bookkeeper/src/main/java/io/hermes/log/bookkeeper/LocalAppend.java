package io.hermes.log.bookkeeper;

import io.hermes.log.AppendOutcome;
import io.hermes.log.Position;
import java.util.function.Consumer;

/** An append of this process. */
final class LocalAppend implements Append {

    private final byte[] record;
    private final Deadline deadline;
    private final Consumer<LocalAppend> onNotWritten;

    LocalAppend(byte[] record, Deadline deadline, Consumer<LocalAppend> onNotWritten) {
        this.record = record;
        this.deadline = deadline;
        this.onNotWritten = onNotWritten;
    }

    Deadline deadline() {
        return deadline;
    }

    @Override
    public byte[] record() {
        return record;
    }

    @Override
    public void onAppended(long position) {
        deadline.outcome().complete(new AppendOutcome.Appended(new Position(position)));
    }

    @Override
    public void onUnknown(String reason) {
        deadline.outcome().complete(new AppendOutcome.Unknown(reason));
    }

    @Override
    public void onNotWritten(String reason) {
        if (!deadline.isDone()) {
            onNotWritten.accept(this);
        }
    }
}

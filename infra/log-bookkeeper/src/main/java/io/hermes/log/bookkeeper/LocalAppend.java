package io.hermes.log.bookkeeper;

import io.hermes.log.AppendOutcome;
import io.hermes.log.Position;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An append of this process. */
final class LocalAppend implements Append {

    private final byte[] record;
    private final long deadlineNanos;
    private final Consumer<LocalAppend> onNotWritten;
    private final CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();
    // Written before it is handed to a route, read by whoever ends it.
    private volatile boolean left;

    LocalAppend(byte[] record, long deadlineNanos, Consumer<LocalAppend> onNotWritten) {
        this.record = record;
        this.deadlineNanos = deadlineNanos;
        this.onNotWritten = onNotWritten;
    }

    CompletableFuture<AppendOutcome> outcome() {
        return outcome;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isDone() {
        return outcome.isDone();
    }

    /** From now on it may be on its way to a bookie. */
    void onLeaving() {
        left = true;
    }

    /** It is here, and nowhere else. */
    void onWaiting() {
        left = false;
    }

    /** Time is up, or the log is closed: what never left is rejected. */
    void onGivenUp(String reason) {
        outcome.complete(left ? new AppendOutcome.Unknown(reason) : new AppendOutcome.Rejected(reason));
    }

    @Override
    public byte[] record() {
        return record;
    }

    @Override
    public void onAppended(long position) {
        outcome.complete(new AppendOutcome.Appended(new Position(position)));
    }

    @Override
    public void onUnknown(String reason) {
        outcome.complete(new AppendOutcome.Unknown(reason));
    }

    @Override
    public void onNotWritten(String reason) {
        if (!outcome.isDone()) {
            onNotWritten.accept(this);
        }
    }
}

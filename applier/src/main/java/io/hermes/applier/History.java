package io.hermes.applier;

import io.hermes.log.LogRecord;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.UndecodableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one incarnation of the app has executed so far, and how it goes on: takes the log's records batch by batch and keeps
 * the app, the duplicate table, log time and the replies owed in step.
 *
 * <p>Invariant: the app has executed exactly the requests that stand in the log up to {@link #appliedThrough}, each once, in
 * their order. If {@link #apply} throws, that no longer holds and the history is over.
 *
 * <p>Owned by the loop's thread.
 */
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    /** With answers trickling in, replies leave this often: each piece costs every process on its way a wake-up. */
    private static final long REPLY_PAUSE_NANOS = 1_000_000;

    private final App app;
    private final ReplyOutbox outbox;
    private final LongSupplier nanoClock;
    private final DuplicateTable table;

    // All below is owned by the loop's thread.
    private final List<AppCall> calls = new ArrayList<>();
    private final Deque<DuplicateTable.Entry> called = new ArrayDeque<>();
    private long deliveredThrough;
    private long appliedThrough;
    private long appliedRequests;
    private long timeMillis;
    private long lastReplyNanos;

    History(App app, ReplyOutbox outbox, ApplierConfig config, LongSupplier nanoClock) {
        this.app = app;
        this.outbox = outbox;
        this.nanoClock = nanoClock;
        this.table = new DuplicateTable(config);
    }

    long appliedThrough() {
        return appliedThrough;
    }

    long appliedRequests() {
        return appliedRequests;
    }

    /**
     * Applies the next records of the log.
     *
     * @throws IllegalStateException if they are not the next ones
     */
    void apply(List<LogRecord> batch) throws AppInDoubtException, AppGoneException, HaltException {
        calls.clear();
        for (LogRecord record : batch) {
            deliver(record);
        }
        if (!calls.isEmpty()) {
            app.apply(calls, new OnAnswers());
        }
        appliedThrough = deliveredThrough;
        reply();
    }

    private void deliver(LogRecord record) throws HaltException {
        long position = record.position().value();
        if (position <= deliveredThrough) {
            throw new IllegalStateException("position " + position + " delivered after " + deliveredThrough);
        }
        deliveredThrough = position;
        LogContent content = decode(record);
        if (content != null) {
            content.match(
                    request -> onRequest(position, request),
                    askAgain -> onAskAgain(position, askAgain),
                    barrier -> onBarrier(position, barrier));
        }
    }

    private static @Nullable LogContent decode(LogRecord record) throws HaltException {
        try {
            return RecordCodec.decode(record.bytes());
        } catch (UndecodableException e) {
            if (e.isOfLaterVersion()) {
                throw new HaltException("position " + record.position() + " holds " + e.getMessage()
                        + ": install the version of Hermes that the other replicas run");
            }
            // No version can read it, so every replica passes over it alike.
            LOG.error("passing over a stray record position={} reason={}", record.position(), e.getMessage());
            return null;
        }
    }

    private @Nullable Void onRequest(long position, RequestRecord record) {
        timeMillis = Math.max(timeMillis, record.logTimeMillis());
        DuplicateTable.Delivery delivery = table.deliver(position, record, timeMillis);
        return delivery.match(
                first -> {
                    calls.add(new AppCall(position, record, timeMillis));
                    called.addLast(first);
                    outbox.owe(position, record.route(), () -> answered(first));
                    return null;
                },
                repeat -> {
                    outbox.owe(position, record.route(), () -> answered(repeat));
                    return null;
                },
                () -> {
                    Reply reply = new Reply(record.id(), position, new ReplyOutcome.NotApplied());
                    outbox.owe(position, record.route(), () -> reply);
                    return null;
                });
    }

    private @Nullable Void onAskAgain(long position, AskAgainRecord record) {
        DuplicateTable.Entry entry = table.find(record.id());
        if (entry == null) {
            Reply reply = new Reply(record.id(), record.position(), new ReplyOutcome.AnswerNotKept());
            outbox.owe(position, record.route(), () -> reply);
        } else {
            outbox.owe(position, record.route(), () -> answered(entry));
        }
        return null;
    }

    private @Nullable Void onBarrier(long position, BarrierRecord record) {
        timeMillis = Math.max(timeMillis, record.logTimeMillis());
        Reply reply = new Reply(record.id(), position, new ReplyOutcome.BarrierPassed());
        outbox.owe(position, record.route(), () -> reply);
        return null;
    }

    private static Reply answered(DuplicateTable.Entry entry) {
        AppAnswer answer = entry.answer();
        ReplyOutcome outcome = answer == null || answer.answer() == null
                ? new ReplyOutcome.AnswerNotKept()
                : new ReplyOutcome.Answered(answer.answer());
        return new Reply(entry.id(), entry.position(), outcome);
    }

    private void reply() {
        outbox.send(appliedThrough);
        lastReplyNanos = nanoClock.getAsLong();
    }

    /** Keeps the history in step with the answers. */
    private final class OnAnswers implements App.Answers {

        @Override
        public void onAnswer(AppCall call, AppAnswer answer) {
            DuplicateTable.Entry entry = called.removeFirst();
            if (entry.position() != call.position()) {
                throw new IllegalStateException(
                        "position " + call.position() + " answered before position " + entry.position());
            }
            table.remember(entry, answer);
            appliedThrough = call.position();
            appliedRequests++;
        }

        @Override
        public void onPause() {
            if (!outbox.isEmpty() && nanoClock.getAsLong() - lastReplyNanos > REPLY_PAUSE_NANOS) {
                reply();
            }
        }
    }
}

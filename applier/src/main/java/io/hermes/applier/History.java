package io.hermes.applier;

import io.hermes.log.LogRecord;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CloseWindowRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.InitialStateRecord;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyOutcome.Told;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Routes;
import io.hermes.proto.Settings;
import io.hermes.proto.SettingsRecord;
import io.hermes.proto.SkipRecord;
import io.hermes.proto.SnapshotTakenRecord;
import io.hermes.proto.TakeSnapshotRecord;
import io.hermes.proto.UndecodableException;
import io.hermes.proto.WindowDetailRecord;
import io.hermes.proto.WindowDigestRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one incarnation of the app has executed so far, and how it goes on: takes the log's records batch by batch and keeps
 * the app, the duplicate table, log time and the replies owed in step.
 *
 * <p>Invariant: the app has executed exactly the requests that stand in the log up to {@link #appliedThrough}, each once, in
 * their order, but for those that were skipped. If {@link #apply} throws, that no longer holds and the history is over.
 *
 * <p>Owned by the loop's thread.
 */
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    /** With answers trickling in, replies leave this often: each piece costs every process on its way a wake-up. */
    private static final long REPLY_PAUSE_NANOS = 1_000_000;

    /** What a history works with. */
    record Collaborators(
            App app,
            Continuity continuity,
            ReplyOutbox outbox,
            Failpoints failpoints,
            SnapshotTaking snapshots,
            LongSupplier nanoClock) {}

    /** What an incarnation begins with. */
    record Beginning(@Nullable Checkpoint checkpoint, long executedThrough, Map<Long, String> skips, Caution caution) {

        static final Beginning NOTHING = new Beginning(null, 0, Map.of(), Caution.NONE);
    }

    /** Where requests were in doubt before: there each is answered before the next one is sent, to find the culprit. */
    record Caution(long from, long through) {

        static final Caution NONE = new Caution(1, 0);

        boolean covers(long position) {
            return position >= from && position <= through;
        }
    }

    private final App app;
    private final Continuity continuity;
    private final ReplyOutbox outbox;
    private final Failpoints failpoints;
    private final SnapshotTaking snapshots;
    private final LongSupplier nanoClock;
    private final String ownInitialState;
    private final long executedThrough;
    private final Skips skips;
    private final Caution caution;
    private final Divergence divergence;
    private final DuplicateTable table = new DuplicateTable();
    private final Delivering delivering = new Delivering();
    private final OnAnswers onAnswers = new OnAnswers();

    // All below is owned by the loop's thread.
    private final List<AppCall> calls = new ArrayList<>();
    private final Deque<RequestReply.Called> called = new ArrayDeque<>();
    private @Nullable LogRecord lastDelivered;
    private String restoredSha256 = "";
    private long deliveredThrough;
    private long appliedThrough;
    private long appliedRequests;
    private long lastUnsafe;
    private long timeMillis;
    private long lastReplyNanos;
    private @Nullable String initialState;
    private @Nullable String halt;
    private @Nullable SkipFoundException skipFound;
    private boolean whole = true;
    private boolean seenRequest;

    History(Collaborators with, ApplierConfig config, Beginning beginning, String run) {
        this.app = with.app();
        this.continuity = with.continuity();
        this.outbox = with.outbox();
        this.failpoints = with.failpoints();
        this.snapshots = with.snapshots();
        this.nanoClock = with.nanoClock();
        this.ownInitialState = config.initialState();
        this.executedThrough = beginning.executedThrough();
        this.caution = beginning.caution();
        Checkpoint checkpoint = beginning.checkpoint();
        this.skips = new Skips(beginning.skips(), checkpoint);
        this.divergence = new Divergence(config, run, checkpoint);
        this.seenRequest = checkpoint != null;
        if (checkpoint != null) {
            table.restore(checkpoint);
            deliveredThrough = checkpoint.position();
            appliedThrough = checkpoint.position();
            timeMillis = checkpoint.logTimeMillis();
            lastUnsafe = checkpoint.executedThrough();
            initialState = checkpoint.initialState();
            restoredSha256 = checkpoint.anchor().recordSha256();
        }
    }

    long appliedThrough() {
        return appliedThrough;
    }

    long appliedRequests() {
        return appliedRequests;
    }

    long timeMillis() {
        return timeMillis;
    }

    Settings settings() {
        return table.settings();
    }

    /** How the answers compare with those of other replicas. */
    Divergence divergence() {
        return divergence;
    }

    /** Whether a request may stand in the log up to here. */
    boolean hasSeenRequest() {
        return seenRequest;
    }

    /** The last request given to the app, or known to it, that may have changed its state; 0 if there was none. */
    long lastUnsafe() {
        return lastUnsafe;
    }

    /** What apps begin with, as the log says; null while it says nothing. */
    @Nullable
    String initialState() {
        return initialState;
    }

    /** Whether the last batch was applied as a whole, so that a checkpoint may be taken. */
    boolean isWhole() {
        return whole;
    }

    /** To be taken between two batches only. */
    Checkpoint checkpoint(String logIdentity) {
        return new Checkpoint(
                logIdentity,
                appliedThrough,
                lastUnsafe,
                timeMillis,
                table.horizon(),
                table.rowsLost(),
                table.settings(),
                initialState,
                skips.honoured(),
                table.rows(),
                table.entries(),
                anchor(),
                divergence.comparison());
    }

    private Checkpoint.Anchor anchor() {
        LogRecord last = lastDelivered;
        return new Checkpoint.Anchor(
                skips.knownThrough(appliedThrough), last == null ? restoredSha256 : Digests.ofBytes(last.bytes()));
    }

    /**
     * Applies the next records of the log.
     *
     * @throws IllegalStateException if they are not the next ones
     */
    void apply(List<LogRecord> batch) throws AppInDoubtException, AppGoneException, HaltException, SkipFoundException {
        calls.clear();
        whole = false;
        for (LogRecord record : batch) {
            deliver(record);
        }
        callAll();
        appliedThrough = deliveredThrough;
        whole = true;
        failpoints.at(Failpoint.BEFORE_REPLY);
        reply();
    }

    private void callAll() throws AppInDoubtException, AppGoneException {
        int from = 0;
        while (from < calls.size()) {
            boolean alone =
                    continuity.oneAtATime() || caution.covers(calls.get(from).position());
            int to = from + 1;
            while (!alone && to < calls.size() && !caution.covers(calls.get(to).position())) {
                to++;
            }
            List<AppCall> together = calls.subList(from, to);
            continuity.onCall(together.get(together.size() - 1).position());
            failpoints.at(Failpoint.BEFORE_CALL);
            try {
                app.apply(together, onAnswers);
            } catch (AppGoneException e) {
                continuity.onNotSent();
                throw e;
            } catch (AppInDoubtException e) {
                if (e.lastPosition() < together.get(0).position()) {
                    // It is about an earlier one, which was answered before it turned out that the answer goes on.
                    continuity.onNotSent();
                }
                throw e;
            }
            from = to;
        }
    }

    private void deliver(LogRecord record) throws HaltException, SkipFoundException {
        long position = record.position().value();
        if (position <= deliveredThrough) {
            throw new IllegalStateException("position " + position + " delivered after " + deliveredThrough);
        }
        LogContent content = decode(record);
        deliveredThrough = position;
        lastDelivered = record;
        if (content != null) {
            delivering.position = position;
            content.match(delivering);
            if (halt != null) {
                throw new HaltException("position " + position + ": " + halt);
            }
            if (skipFound != null) {
                throw skipFound;
            }
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

    private void toTime(long millis) {
        timeMillis = Math.max(timeMillis, millis);
    }

    /** The first that the log says about it counts; a request says that it is nothing. */
    private void fixInitialState(String digest) {
        if (initialState == null) {
            initialState = digest;
            if (!digest.equals(ownInitialState)) {
                halt = "the other copies of this service began with "
                        + (digest.isEmpty() ? "nothing" : "the initial state " + digest) + ", this one with "
                        + (ownInitialState.isEmpty() ? "nothing" : ownInitialState)
                        + ": give all replicas the same app.initial-state";
            }
        }
    }

    /** The settings in force once some were told; null if those before stay. */
    static @Nullable Settings later(Settings before, Settings told) {
        Settings next = told;
        if (told.revision() == 0
                && before.featureLevel() < told.featureLevel()
                && told.featureLevel() <= Settings.FEATURE_LEVEL) {
            // Proposed to an empty log by somebody who changes nothing else.
            next = before.withWindows(told.windows());
        }
        boolean isLater = next.revision() > before.revision()
                || (next.revision() == 0 && next.featureLevel() > before.featureLevel());
        return isLater ? next : null;
    }

    private void reply() {
        outbox.send(appliedThrough);
        lastReplyNanos = nanoClock.getAsLong();
    }

    /** Takes one record; what is called or replied because of it comes later. */
    private final class Delivering implements LogContent.Cases<Boolean> {

        private long position;

        @Override
        public Boolean request(RequestRecord record) {
            toTime(record.logTimeMillis());
            fixInitialState("");
            seenRequest = true;
            Routes.Match match = table.settings().routes().match(record.request());
            if (match.isReadOnly()) {
                onReadOnly(record, match);
                return true;
            }
            CorrelationId to = record.correlation();
            return table.deliver(position, record, timeMillis)
                    .match(
                            first -> {
                                onFirst(first, record, match);
                                return true;
                            },
                            repeat -> {
                                outbox.owe(position, record.route(), () -> RequestReply.of(to, repeat));
                                return true;
                            },
                            different -> {
                                Reply reply = new Reply(to, different.position(), Told.DIFFERENT_REQUEST);
                                outbox.owe(position, record.route(), () -> reply);
                                return true;
                            },
                            () -> {
                                Reply reply = new Reply(to, position, Told.NOT_APPLIED);
                                outbox.owe(position, record.route(), () -> reply);
                                return true;
                            });
        }

        /** Nothing to remember, nothing to repeat: only the replica that is to answer has the app execute it. */
        private void onReadOnly(RequestRecord record, Routes.Match match) {
            table.pass(position, record, timeMillis);
            if (position <= executedThrough || !outbox.isForUs(position, record.route())) {
                return;
            }
            CorrelationId to = record.correlation();
            String skipped = skips.reason(position);
            RequestReply.Called call = new RequestReply.Called(position, null);
            if (skipped != null) {
                skips.onHonoured(position);
                call.onAnswer(RequestReply.skipped(position, skipped));
            } else {
                calls.add(new AppCall(position, record, timeMillis, true, match.conflict()));
                called.addLast(call);
            }
            outbox.owe(position, record.route(), () -> call.reply(to));
        }

        private void onFirst(DuplicateTable.Entry entry, RequestRecord record, Routes.Match match) {
            String skipped = skips.reason(position);
            CorrelationId to = record.correlation();
            boolean isGiven = position <= executedThrough || skipped == null;
            if (isGiven && AppCall.isUnsafe(record)) {
                lastUnsafe = position;
            }
            if (position <= executedThrough) {
                table.rememberMissing(entry);
                divergence.admitMissing(position, table.settings());
                outbox.owe(position, record.route(), () -> RequestReply.of(to, entry));
            } else if (skipped != null) {
                skips.onHonoured(position);
                divergence.onSkipped(table.settings());
                table.remember(entry, RequestReply.skipped(position, skipped));
                outbox.owe(position, record.route(), () -> RequestReply.of(to, entry));
            } else {
                RequestReply.Called call = new RequestReply.Called(position, entry);
                divergence.admit(position, table.settings());
                calls.add(new AppCall(position, record, timeMillis, false, match.conflict()));
                called.addLast(call);
                outbox.owe(position, record.route(), () -> call.reply(to));
            }
        }

        @Override
        public Boolean askAgain(AskAgainRecord record) {
            CorrelationId to = record.identity().correlation();
            DuplicateTable.Entry entry = table.find(record.identity().id());
            if (entry == null) {
                Reply reply = new Reply(to, record.position(), Told.FORGOTTEN);
                outbox.owe(position, record.route(), () -> reply);
            } else if (entry.isDelivered() && !DuplicateTable.isSame(entry, record.fingerprint())) {
                Reply reply = new Reply(to, entry.position(), Told.DIFFERENT_REQUEST);
                outbox.owe(position, record.route(), () -> reply);
            } else if (!entry.isDelivered() && !entry.isCancelled()) {
                // Reserved: the record that is asked for was not applied, and no later copy has come.
                Reply reply = new Reply(to, record.position(), Told.NOT_APPLIED);
                outbox.owe(position, record.route(), () -> reply);
            } else {
                outbox.owe(position, record.route(), () -> RequestReply.of(to, entry));
            }
            return true;
        }

        @Override
        public Boolean barrier(BarrierRecord record) {
            toTime(record.logTimeMillis());
            Reply reply = new Reply(record.id(), position, Told.BARRIER_PASSED);
            outbox.owe(position, record.route(), () -> reply);
            return true;
        }

        @Override
        public Boolean inquiry(InquiryRecord record) {
            toTime(record.logTimeMillis());
            CorrelationId to = record.identity().correlation();
            DuplicateTable.Entry entry = table.inquire(position, record, timeMillis);
            if (entry == null) {
                Reply reply = new Reply(to, 0, Told.FORGOTTEN);
                outbox.owe(position, record.route(), () -> reply);
            } else if (entry.isDelivered()) {
                outbox.owe(position, record.route(), () -> RequestReply.of(to, entry));
            } else {
                Told told = entry.isCancelled() ? Told.CANCELLED : Told.NOT_APPLIED;
                Reply reply = new Reply(to, entry.position(), told);
                outbox.owe(position, record.route(), () -> reply);
            }
            return true;
        }

        @Override
        public Boolean keep(KeepRecord record) {
            toTime(record.logTimeMillis());
            table.keep(position, record, timeMillis);
            return true;
        }

        @Override
        public Boolean settings(SettingsRecord record) {
            Settings next = later(table.settings(), record.settings());
            if (next != null) {
                if (next.featureLevel() > Settings.FEATURE_LEVEL) {
                    halt = "the log needs feature level " + next.featureLevel() + ", this version knows "
                            + Settings.FEATURE_LEVEL + ": install the version that the other replicas run";
                    return true;
                }
                table.toSettings(next);
                divergence.onSettings(position, next);
                LOG.info("settings from the log position={} settings={}", position, next);
            }
            return true;
        }

        @Override
        public Boolean skip(SkipRecord record) {
            skipFound = skips.find(record, position, continuity.keepsState());
            return true;
        }

        @Override
        public Boolean initialState(InitialStateRecord record) {
            fixInitialState(record.digest());
            return true;
        }

        @Override
        public Boolean takeSnapshot(TakeSnapshotRecord record) {
            snapshots.onAsked(position, record);
            return true;
        }

        @Override
        public Boolean windowDigest(WindowDigestRecord record) {
            divergence.deliver(record, timeMillis);
            if (divergence.whyRebuild() != null && !continuity.keepsState()) {
                // From here on it answers nobody.
                outbox.muteThrough(Long.MAX_VALUE);
            }
            return true;
        }

        @Override
        public Boolean snapshotTaken(SnapshotTakenRecord record) {
            snapshots.onTaken(record);
            return true;
        }

        @Override
        public Boolean windowDetail(WindowDetailRecord record) {
            divergence.deliver(record);
            return true;
        }

        @Override
        public Boolean closeWindow(CloseWindowRecord record) {
            divergence.closeWindow(position, table.settings());
            return true;
        }
    }

    /** Keeps the history in step with the answers. */
    private final class OnAnswers implements App.Answers {

        @Override
        public void onAnswer(AppCall call, AppAnswer answer) {
            failpoints.at(Failpoint.AFTER_ANSWER);
            RequestReply.Called answered = called.removeFirst();
            if (answered.position() != call.position()) {
                throw new IllegalStateException(
                        "position " + call.position() + " answered before position " + answered.position());
            }
            continuity.onAnswer(call.position());
            answered.onAnswer(answer);
            DuplicateTable.Entry entry = answered.entry();
            if (entry != null) {
                table.remember(entry, answer);
                divergence.onAnswer(call, answer);
            }
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

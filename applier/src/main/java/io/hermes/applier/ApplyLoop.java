package io.hermes.applier;

import io.hermes.log.AppendOutcome;
import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.LogUnavailableException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.ReplyBus;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one replica: reads the log in order into the present {@link History}, and begins another one whenever it can no longer
 * vouch for the app's state, because the app ended or a request is in doubt:
 *
 * <pre>
 * STARTING ──app listens, log answers──▶ REPLAYING ──reached the tail of then──▶ SERVING
 *   ▲   ▲                                    │                                      │
 *   │   └──── app ended, request in doubt, log truncated, request given up ─────────┘
 *   │        any of them ──only a person can help──▶ HALTED
 *   └──────── the request that it halted at was given up ──┘
 * </pre>
 *
 * <p>While it is rebuilt because a majority contradicts its answers, others are told QUARANTINED instead.
 *
 * <p>{@link #doWork} does a bounded amount of work and is called again and again by one thread.
 */
public final class ApplyLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApplyLoop.class);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    private static final Duration LOG_ANSWERS_WITHIN = Duration.ofSeconds(30);

    private final OrderedLog log;
    private final AppHost host;
    private final ApplierConfig config;
    private final Continuity continuity;
    private final CheckpointStore checkpoints;
    private final Consumer<ReplicaStatus> onStatus;
    private final LongSupplier nanoClock;
    private final Failpoints failpoints;
    private final ReplyOutbox outbox;
    private final History.Collaborators with;
    private final Doubts doubts;
    private final Proposals proposals;
    private final Snapshots snapshots;
    private final Beginnings beginnings;
    private final Quarantine quarantine;

    // All below is owned by the loop's thread.
    private ReplicaState state = ReplicaState.STARTING;
    private String reason = "";
    private History history;
    private @Nullable LogReader reader;
    private @Nullable CompletableFuture<AppendOutcome> barrier;
    private long barrierNanos;
    private long replayThrough;
    private long executedThrough;
    private long incarnations;
    private Duration backoff = Duration.ZERO;
    private long notBeforeNanos;
    private long lastCheckpointNanos;
    /** The app was given a snapshot, and it is not known yet whether that is of this log. */
    private boolean filling;

    /**
     * What a loop works with besides the log.
     *
     * @param host begins incarnations of the app
     * @param app speaks with the present incarnation
     * @param continuity knows what of the app's state goes on
     * @param checkpoints keeps what the replica knows of an app that keeps its state
     * @param failpoints where tests end this process
     * @param readApps makes a further connection to the app, for reads past the log; null if there are none
     * @param snapshots of the app's state, if there are any
     */
    public record Replica(
            AppHost host,
            App app,
            Continuity continuity,
            CheckpointStore checkpoints,
            Failpoints failpoints,
            @Nullable ReadApps readApps,
            Snapshots snapshots) {

        /**
         * A replica without snapshots.
         *
         * @param host begins incarnations of the app
         * @param app speaks with the present incarnation
         * @param continuity knows what of the app's state goes on
         * @param checkpoints keeps what the replica knows of an app that keeps its state
         * @param failpoints where tests end this process
         * @param readApps makes a further connection to the app, for reads past the log; null if there are none
         */
        public Replica(
                AppHost host,
                App app,
                Continuity continuity,
                CheckpointStore checkpoints,
                Failpoints failpoints,
                @Nullable ReadApps readApps) {
            this(host, app, continuity, checkpoints, failpoints, readApps, Snapshots.none());
        }

        /**
         * A replica that takes no reads past the log.
         *
         * @param host begins incarnations of the app
         * @param app speaks with the present incarnation
         * @param continuity knows what of the app's state goes on
         * @param checkpoints keeps what the replica knows of an app that keeps its state
         * @param failpoints where tests end this process
         */
        public Replica(
                AppHost host, App app, Continuity continuity, CheckpointStore checkpoints, Failpoints failpoints) {
            this(host, app, continuity, checkpoints, failpoints, null);
        }
    }

    /** Makes connections to the app that are not the loop's. */
    public interface ReadApps {

        /**
         * Makes one; connects when it is first used.
         *
         * @param alive whether it may be used at this moment; asked while waiting
         * @return closed by the caller
         */
        App open(BooleanSupplier alive);
    }

    /**
     * Makes a loop in state STARTING.
     *
     * @param log read and, at the start of an app that keeps its state, appended to
     * @param replies takes the answers
     * @param replica the app and what is known of it
     * @param config the bounds
     * @param onStatus told of each change of state and after each batch, on the loop's thread
     * @param nanoClock paces replies, checkpoints and pauses; decides nothing else
     */
    public ApplyLoop(
            OrderedLog log,
            ReplyBus replies,
            Replica replica,
            ApplierConfig config,
            Consumer<ReplicaStatus> onStatus,
            LongSupplier nanoClock) {
        this.log = log;
        this.host = replica.host();
        this.continuity = replica.continuity();
        this.checkpoints = replica.checkpoints();
        this.failpoints = replica.failpoints();
        this.config = config;
        this.onStatus = onStatus;
        this.nanoClock = nanoClock;
        this.outbox = new ReplyOutbox(replies, config.replica(), config.incarnation());
        this.snapshots = replica.snapshots();
        this.beginnings = snapshots.beginnings();
        this.quarantine = new Quarantine(snapshots, nanoClock);
        this.with =
                new History.Collaborators(replica.app(), continuity, outbox, failpoints, snapshots.taking(), nanoClock);
        this.doubts = new Doubts(new SkipLookout(log, config.batchBytesMax()), nanoClock);
        this.proposals = new Proposals(log, config, nanoClock);
        this.history = new History(with, config, History.Beginning.NOTHING, run());
        this.notBeforeNanos = nanoClock.getAsLong();
    }

    /**
     * Goes one step on: begins an incarnation, or applies one batch.
     *
     * @return how much was done; 0 if there was nothing to do, then the caller pauses a little
     */
    public int doWork() {
        try {
            return switch (state) {
                case STARTING -> barrier == null ? begin() : awaitBarrier();
                case REPLAYING, SERVING -> applyBatch();
                case HALTED -> lookForSkip();
                case QUARANTINED -> throw new IllegalStateException("only told to others");
            };
        } catch (AppInDoubtException e) {
            onDoubt(e);
        } catch (AppGoneException | LogUnavailableException e) {
            startOver(String.valueOf(e.getMessage()));
        } catch (LogLostException e) {
            onLost(e);
        } catch (SkipFoundException e) {
            onSkipFound(e);
        } catch (LogTrimmedException e) {
            onTrimmed(e);
        } catch (HaltException e) {
            halt(String.valueOf(e.getMessage()));
        }
        return 1;
    }

    /** Leaves a last checkpoint and closes the reader; the app belongs to its host. */
    @Override
    public void close() {
        if (state == ReplicaState.SERVING) {
            checkpoint();
        }
        closeReader();
        doubts.close();
        with.app().close();
        continuity.close();
    }

    private int begin() throws AppGoneException, HaltException {
        if (nanoClock.getAsLong() - notBeforeNanos < 0) {
            return 0;
        }
        if (!isBeginningDecided()) {
            return 0;
        }
        beginnings.begin(host);
        incarnations++;
        history = new History(with, config, History.Beginning.NOTHING, run());
        tellStatus();
        with.app().awaitListening();
        beginnings.restoreWhenListening();
        // Its position bounds what was ordered before, and shows that the log is the one that the app has been given.
        append(new BarrierRecord(new CorrelationId(config.incarnation(), incarnations), ReplyRoute.NOBODY, 0));
        return 1;
    }

    /** An app that has a state of its own goes on with that. */
    private boolean isBeginningDecided() {
        if (continuity.keepsState() && !beginnings.mayFillEmptyApp()) {
            beginnings.chooseNothing();
            return true;
        }
        boolean decided = beginnings.decide(new Beginnings.Need(log.identity(), doubts.skips(), config.initialState()));
        if (!decided) {
            tellWaiting(beginnings.progress());
        }
        return decided;
    }

    private void append(LogContent content) {
        barrierNanos = nanoClock.getAsLong();
        barrier = log.append(RecordCodec.encode(content));
    }

    private int awaitBarrier() throws AppGoneException, HaltException {
        CompletableFuture<AppendOutcome> pending = barrier;
        if (pending == null || !pending.isDone()) {
            if (nanoClock.getAsLong() - barrierNanos > LOG_ANSWERS_WITHIN.toNanos()) {
                startOver("the log does not answer");
            }
            return 0;
        }
        barrier = null;
        long position = pending.join()
                .match(
                        appended -> appended.position().value(),
                        rejected -> tellUnavailable(rejected.reason()),
                        unknown -> tellUnavailable(unknown.reason()));
        if (position < 0) {
            return 0;
        }
        resume(position);
        return 1;
    }

    private long tellUnavailable(String why) {
        startOver("the log takes no records: " + why);
        return -1;
    }

    /** The app listens, and the log reaches at least to a position: goes on from where the app is. */
    private void resume(long tail) throws AppGoneException, HaltException {
        executedThrough = continuity.executedThrough();
        if (executedThrough > tail) {
            throw new HaltException("the app has executed requests up to position " + executedThrough
                    + ", but the log ends at " + tail + ": this app belongs to another log");
        }
        Beginnings.Chosen snapshot = beginnings.chosen();
        if (snapshot != null && snapshot.manifest().position() > tail) {
            String why = "it is of position " + snapshot.manifest().position() + ", but the log ends at " + tail;
            beginnings.reject(snapshot.manifest().position(), why);
            startOver("the snapshot does not fit the log: " + why);
            return;
        }
        if (snapshot != null && continuity.keepsState()) {
            checkFilling(snapshot.checkpoint());
        }
        Checkpoint checkpoint = snapshot != null
                ? snapshot.checkpoint()
                : continuity.keepsState() ? checkpoints.newestThrough(executedThrough, log.identity()) : null;
        if (checkpoint != null && checkpoint.settings().featureLevel() > Settings.FEATURE_LEVEL) {
            throw new HaltException("a later version has left the checkpoint at position " + checkpoint.position()
                    + ": install that version again");
        }
        if (checkpoint == null && executedThrough > 0 && checkpoints.isOfAnotherLog(log.identity())) {
            throw new HaltException("the app has executed requests of another log than " + log.identity()
                    + ": bring that log back, or let the app begin with nothing");
        }
        History.Beginning beginning =
                new History.Beginning(checkpoint, executedThrough, doubts.skips(), doubts.caution());
        history = new History(with, config, beginning, run());
        if (snapshot != null && snapshot.manifest().replica().equals(config.replica())) {
            history.divergence().onOwnBeginning(snapshot.manifest().position());
        }
        LOG.info(
                "replica goes on executedThrough={} checkpoint={} tail={}",
                executedThrough,
                checkpoint == null ? "none" : checkpoint.position(),
                tail);
        replayThrough = tail;
        outbox.muteThrough(tail);
        lastCheckpointNanos = nanoClock.getAsLong();
        filling = snapshot != null;
        reader = snapshot != null
                ? behind(snapshot)
                : checkpoint != null ? behind(checkpoint) : log.openReader(Position.START);
        proposals.begin();
        toState(ReplicaState.REPLAYING, "");
        toServingIfCaughtUp();
    }

    private void checkFilling(Checkpoint checkpoint) throws HaltException {
        if (executedThrough < checkpoint.executedThrough() || executedThrough > checkpoint.position()) {
            throw new HaltException(
                    "the app tells position " + executedThrough + " after it was given the snapshot of position "
                            + checkpoint.position() + ", wanted " + checkpoint.executedThrough()
                            + " or a later one up to there: does app.directory hold its position, too?");
        }
    }

    /** From now on an app that keeps its state goes on with what it was given: this checkpoint belongs to that. */
    private void keepFilling(Checkpoint checkpoint) {
        try {
            if (continuity.keepsState()) {
                checkpoints.write(checkpoint);
            }
            host.keepFilling();
            filling = false;
        } catch (IOException e) {
            throw new UncheckedIOException("the app's directory cannot be used", e);
        }
    }

    private LogReader behind(Beginnings.Chosen snapshot) {
        Checkpoint checkpoint = snapshot.checkpoint();
        return AnchoredReader.open(
                log,
                checkpoint.position(),
                checkpoint.anchor().recordSha256(),
                () -> keepFilling(checkpoint),
                () -> beginnings.reject(
                        checkpoint.position(), "the log holds another record there than when it was taken"));
    }

    /** An app that keeps its state must not go on with a log that was cut off behind its checkpoint, and then written anew. */
    private LogReader behind(Checkpoint checkpoint) {
        String recordSha256 = checkpoint.anchor().recordSha256();
        // Earlier versions did not write it down.
        return recordSha256.isEmpty()
                ? log.openReader(new Position(checkpoint.position()))
                : AnchoredReader.open(log, checkpoint.position(), recordSha256, () -> {}, () -> {});
    }

    private int applyBatch() throws AppInDoubtException, AppGoneException, HaltException, SkipFoundException {
        if (!host.isAlive()) {
            throw new AppGoneException("the app's process ended");
        }
        LogReader current = reader;
        if (current == null) {
            throw new IllegalStateException("no reader in state " + state);
        }
        List<LogRecord> batch = current.read(config.batchBytesMax(), config.readWait());
        if (!batch.isEmpty()) {
            failpoints.at(Failpoint.AFTER_READ);
            applyRememberingSkips(batch);
            snapshots.taking().onApplied(batch.size());
            tellStatus();
        }
        if (isRebuilt()) {
            return 1;
        }
        toServingIfCaughtUp();
        if (state == ReplicaState.SERVING) {
            history.divergence().say(nanoClock.getAsLong(), log);
        }
        if (nanoClock.getAsLong() - lastCheckpointNanos
                > config.checkpointInterval().toNanos()) {
            checkpoint();
        }
        boolean isQuiet = state == ReplicaState.SERVING && history.isWhole() && history.appliedThrough() > 0;
        // Nor is a snapshot taken of an app that is contradicted.
        if (isQuiet && !quarantine.isInForce()) {
            snapshots.toListed(history.settings().windows().replicas());
            snapshots.taking().doWork(log, replayThrough, () -> history.checkpoint(log.identity()), host::isAlive);
        }
        return Math.max(1, batch.size());
    }

    /**
     * Applies a batch piece by piece, each up to a request that was given up. An app that keeps its state tells the last request that it
     * has executed, and only a checkpoint that an earlier one was left out: it must be there before the app is given a later one.
     */
    private void applyRememberingSkips(List<LogRecord> batch)
            throws AppInDoubtException, AppGoneException, HaltException, SkipFoundException {
        Map<Long, String> skips = doubts.skips();
        int from = 0;
        for (int to = 1; to < batch.size() && !skips.isEmpty(); to++) {
            if (skips.containsKey(batch.get(to - 1).position().value())) {
                history.apply(batch.subList(from, to));
                checkpoint();
                from = to;
            }
        }
        history.apply(batch.subList(from, batch.size()));
        if (skips.containsKey(history.appliedThrough())) {
            checkpoint();
        }
    }

    /** Whether the others contradict what this copy of the app answered, so that another one begins: soon, or now. */
    private boolean isRebuilt() {
        Divergence divergence = history.divergence();
        String why = continuity.keepsState() ? null : divergence.whyRebuild();
        if (why == null) {
            return false;
        }
        if (quarantine.begin(why)) {
            LOG.warn(
                    "replica state={} before={} appliedThrough={} reason={}",
                    ReplicaState.QUARANTINED,
                    state,
                    history.appliedThrough(),
                    why);
            tellStatus();
        }
        boolean now = quarantine.isToRebuild(divergence);
        if (now) {
            startOver(quarantine.reason());
        }
        return now;
    }

    private String run() {
        return config.incarnation() + "." + incarnations;
    }

    private void checkpoint() {
        lastCheckpointNanos = nanoClock.getAsLong();
        if (continuity.keepsState() && history.isWhole() && history.appliedThrough() > 0) {
            failpoints.at(Failpoint.BEFORE_CHECKPOINT);
            checkpoints.write(history.checkpoint(log.identity()));
        }
    }

    private void toServingIfCaughtUp() throws HaltException {
        if (state != ReplicaState.REPLAYING || history.appliedThrough() < replayThrough) {
            return;
        }
        if (proposals.awaitsInitialState(history)) {
            return;
        }
        backoff = Duration.ZERO;
        quarantine.end();
        history.divergence().toLive();
        toState(ReplicaState.SERVING, "");
        proposals.proposeSettings(history);
    }

    private void onDoubt(AppInDoubtException doubt) {
        doubts.onDoubt(doubt);
        String never = continuity.whyNotAgain(doubt);
        String no = never != null ? never : doubts.whyNotAgain(doubt);
        if (no != null) {
            halt(no);
        } else {
            startOver(String.valueOf(doubt.getMessage()));
        }
    }

    private void onSkipFound(SkipFoundException found) {
        if (continuity.keepsState() && found.position() <= Math.max(history.appliedThrough(), executedThrough)) {
            halt(found.getMessage()
                    + ", and its state outlives it: bring the app back to a state before that request, or"
                    + " remove it and start anew");
            return;
        }
        doubts.onSkipFound(found);
        startOver(String.valueOf(found.getMessage()));
    }

    /** Halted at a request in doubt: an operator may give it up at any time. */
    private int lookForSkip() {
        long position = doubts.givenUp();
        if (position == 0) {
            return 0;
        }
        startOver("the request at position " + position + " was given up");
        return 1;
    }

    /** What the app has executed is no longer in the log, so others will never execute it: a state that stays is of no use. */
    private void onLost(LogLostException lost) {
        if (!continuity.keepsState() || filling || history.appliedThrough() == 0) {
            startOver(String.valueOf(lost.getMessage()));
            return;
        }
        // A later run sees by it that the log is another one.
        checkpoint();
        halt("the log no longer holds what this app has executed, through position " + history.appliedThrough() + ": "
                + lost.getMessage() + ": let the app begin with nothing, or with a copy of another replica's state, and"
                + " empty replica.state-directory");
    }

    /** With snapshots another beginning may be found; without them only a person can help. */
    private void onTrimmed(LogTrimmedException trimmed) {
        String no = beginnings.whyNoOther(continuity.keepsState());
        if (no != null) {
            halt("the log no longer reaches back to where this app is, and " + no + ": " + trimmed.getMessage());
            return;
        }
        beginnings.onTrimmed(history.appliedThrough());
        startOver(
                "the log no longer reaches back to position " + history.appliedThrough() + ": " + trimmed.getMessage());
    }

    private void tellWaiting(String why) {
        if (!reason.equals(why)) {
            reason = why;
            tellStatus();
        }
    }

    private void startOver(String why) {
        closeReader();
        barrier = null;
        with.app().close();
        backoff = backoff.isZero() ? FIRST_BACKOFF : min(backoff.multipliedBy(2), BACKOFF_MAX);
        notBeforeNanos = nanoClock.getAsLong() + backoff.toNanos();
        toState(ReplicaState.STARTING, why);
    }

    private void halt(String why) {
        closeReader();
        barrier = null;
        toState(ReplicaState.HALTED, why);
    }

    private void toState(ReplicaState next, String why) {
        LOG.info("replica state={} before={} appliedThrough={} reason={}", next, state, history.appliedThrough(), why);
        state = next;
        reason = why;
        tellStatus();
    }

    private void tellStatus() {
        boolean rebuilding = quarantine.isToldInsteadOf(state);
        onStatus.accept(new ReplicaStatus(
                rebuilding ? ReplicaState.QUARANTINED : state,
                history.appliedThrough(),
                history.appliedRequests(),
                incarnations,
                history.timeMillis(),
                history.settings(),
                history.lastUnsafe(),
                history.divergence().status(),
                rebuilding ? quarantine.reason() : reason));
    }

    private void closeReader() {
        LogReader current = reader;
        reader = null;
        if (current != null) {
            current.close();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}

package io.hermes.applier;

import io.hermes.log.AppendOutcome;
import io.hermes.log.OrderedLog;
import io.hermes.proto.Answer;
import io.hermes.proto.Checkpoint;
import io.hermes.proto.Comparison;
import io.hermes.proto.LogContent;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Settings;
import io.hermes.proto.WindowDetailRecord;
import io.hermes.proto.WindowDigestRecord;
import io.hermes.proto.Windows;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The comparison of replicas, as one history of this one sees it: takes its answers and what the log says of the others', and knows
 * what this replica has to say in turn.
 *
 * <p>Owned by the loop's thread.
 */
final class Divergence {

    private static final Logger LOG = LoggerFactory.getLogger(Divergence.class);

    /** What was appended and does not appear in the log is appended again. */
    private static final long SAY_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
    /** Likewise what the log did not take, as far as is known: it counts only while its window is looked at. */
    private static final long NOT_TAKEN_AGAIN_NANOS = Duration.ofMillis(100).toNanos();
    /** An app that always differs is not looked into each time. */
    private static final long INQUEST_AGAIN_MILLIS = Duration.ofMinutes(1).toMillis();
    /** An alarm that goes on is repeated in the log file. */
    private static final long ALARM_AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();

    /** What was appended, and when. */
    private record Said(long nanos, CompletableFuture<AppendOutcome> outcome) {

        boolean isDueAgain(long nowNanos) {
            boolean failed =
                    outcome.isDone() && !outcome.join().match(appended -> true, rejected -> false, unknown -> false);
            return nowNanos - nanos >= (failed ? NOT_TAKEN_AGAIN_NANOS : SAY_AGAIN_NANOS);
        }
    }

    private final ApplierConfig config;
    private final String run;
    private final AnswerWindows windows;
    private final Verdicts verdicts;
    private final TreeMap<Long, WindowDigestRecord> own = new TreeMap<>();
    private final Map<String, Said> said = new HashMap<>();
    private Inquest inquest = Inquest.NONE;
    private long inquestMillis;
    private long alarmMillis;
    private Windows inForce = Windows.NONE;
    private boolean live;
    private long ownBeginning;
    private boolean accused;
    private boolean contradicted;
    private boolean canTell;
    private long rightThrough;

    /**
     * Makes the comparison of one history.
     *
     * @param run of the app, unique among all
     * @param checkpoint that the history goes on from; null if it begins with nothing
     */
    Divergence(ApplierConfig config, String run, @Nullable Checkpoint checkpoint) {
        this.config = config;
        this.run = run;
        Comparison comparison = checkpoint == null ? Comparison.NONE : checkpoint.comparison();
        this.windows = new AnswerWindows(comparison.open());
        this.verdicts = new Verdicts(comparison);
        for (WindowDigestRecord digest : comparison.own()) {
            if (digest.replica().equals(config.replica())) {
                own.put(digest.window(), digest);
            }
        }
        if (checkpoint != null) {
            inForce = checkpoint.settings().windows();
        }
    }

    void onSettings(long position, Settings settings) {
        if (settings.windows().exist() && !inForce.exist()) {
            windows.beginAfter(position);
        }
        inForce = settings.windows();
    }

    /** This history began with a snapshot that this replica took itself. */
    void onOwnBeginning(long position) {
        ownBeginning = position;
    }

    /** What is heard from now on is new, not a repetition of what was dealt with. */
    void toLive() {
        live = true;
    }

    void admit(long position, Settings settings) {
        windows.admit(position, settings);
    }

    void admitMissing(long position, Settings settings) {
        windows.admitMissing(position, settings);
        takeFresh();
    }

    void onSkipped(Settings settings) {
        windows.onSkipped(settings);
    }

    void onAnswer(AppCall call, AppAnswer answer) {
        windows.onAnswer(call, answer);
        takeFresh();
    }

    void closeWindow(long position, Settings settings) {
        windows.closeAt(position, settings);
        takeFresh();
    }

    void deliver(WindowDigestRecord digest, long timeMillis) {
        for (Verdicts.Finding finding : verdicts.deliver(digest, inForce, timeMillis)) {
            onFinding(finding, timeMillis);
        }
        onDecided(verdicts.decided());
    }

    /**
     * A verdict on this run of the app stays one, whatever follows in the log. So does one on an earlier run, if this one goes on
     * from what that left.
     */
    private void onDecided(Comparison.Decided decided) {
        if (!accused || !decided.quarantined().equals(config.replica())) {
            return;
        }
        boolean isOfThisRun = decided.quarantinedRun().equals(run);
        if (isOfThisRun || ownBeginning > decided.quarantinedAfter()) {
            rightThrough =
                    contradicted ? Math.min(rightThrough, decided.quarantinedAfter()) : decided.quarantinedAfter();
            contradicted = true;
            canTell |= isOfThisRun;
        }
    }

    void deliver(WindowDetailRecord detail) {
        if (detail.window() == inquest.window() && isOfTheSame(detail)) {
            inquest.onDetail(detail, config.divergence().directory(), live);
        }
    }

    /** Other versions of the app may answer otherwise, and that explains nothing. */
    private boolean isOfTheSame(WindowDetailRecord detail) {
        WindowDigestRecord mine = own.get(detail.window());
        WindowDigestRecord theirs = verdicts.of(detail.window(), detail.replica());
        // Both are forgotten after some windows; the request is to be named then, too.
        return mine == null || theirs == null || mine.isComparable(theirs);
    }

    /** Says what this replica has to say now; asked for while it serves. */
    void say(long nowNanos, OrderedLog log) {
        for (WindowDigestRecord digest : own.values()) {
            WindowDigestRecord heard = verdicts.of(digest.window(), config.replica());
            if (heard == null || !heard.isEqual(digest)) {
                say("digest " + digest.window(), digest, nowNanos, log);
            }
        }
        WindowDetailRecord detail = detail();
        if (detail != null) {
            say("detail " + (detail.told() == null), detail, nowNanos, log);
        }
    }

    private void say(String what, LogContent content, long nowNanos, OrderedLog log) {
        Said before = said.get(what);
        if (before == null || before.isDueAgain(nowNanos)) {
            said.put(what, new Said(nowNanos, log.append(RecordCodec.encode(content))));
        }
    }

    /** Whether this replica has laid open what it answered, as far as it is asked and still knows it. */
    boolean hasTold() {
        return !canTell || inquest.hasTold(config.replica());
    }

    /** If it is to be rebuilt: through this position no answer of this replica was contradicted. */
    long rightThrough() {
        return rightThrough;
    }

    /**
     * Why this replica is to be rebuilt: the log says so of the present run of its app, or of an earlier one whose state this one
     * went on from. Once it says so it does for good.
     *
     * @return null if it is not
     */
    @Nullable
    String whyRebuild() {
        return contradicted ? "a majority of replicas answered otherwise after position " + rightThrough : null;
    }

    Comparison comparison() {
        return new Comparison(windows.checkpoint(), verdicts.digests(), verdicts.decided(), List.copyOf(own.values()));
    }

    DivergenceStatus status() {
        Comparison.Decided decided = verdicts.decided();
        return new DivergenceStatus(inForce.ordinals(), decided.equalBelow(), decided.unequal(), decided.alarm());
    }

    private void takeFresh() {
        for (AnswerWindows.Closed closed : windows.takeFresh()) {
            own.put(
                    closed.number(),
                    new WindowDigestRecord(
                            config.replica(),
                            config.divergence().appVersion(),
                            run,
                            closed.number(),
                            closed.digest(),
                            closed.ordinals(),
                            closed.after(),
                            closed.through(),
                            closed.skipped()));
            if (own.size() > Verdicts.WINDOWS_KEPT) {
                said.remove("digest " + own.firstKey());
                own.pollFirstEntry();
            }
        }
    }

    private void onFinding(Verdicts.Finding finding, long timeMillis) {
        accused |=
                finding.kind() == Verdicts.Kind.QUARANTINE && finding.replica().equals(config.replica());
        boolean isNew = inquestMillis == 0 || timeMillis - inquestMillis > INQUEST_AGAIN_MILLIS;
        if (isNew || (finding.kind() == Verdicts.Kind.QUARANTINE && inquest.window() != finding.window())) {
            inquest = new Inquest(finding.window());
            inquestMillis = timeMillis;
            said.keySet().removeIf(key -> key.startsWith("detail"));
        }
        boolean isAlarm = live && finding.kind() != Verdicts.Kind.DIFFERENT;
        boolean isDue = alarmMillis == 0
                || timeMillis - alarmMillis > ALARM_AGAIN_MILLIS
                || finding.kind() == Verdicts.Kind.QUARANTINE;
        if (isAlarm && isDue) {
            alarmMillis = timeMillis;
            LOG.error(
                    "replicas diverge window={} verdict={} reason={}",
                    finding.window(),
                    finding.kind(),
                    finding.text());
        } else {
            LOG.info(
                    "replicas diverge window={} verdict={} reason={}",
                    finding.window(),
                    finding.kind(),
                    finding.text());
        }
    }

    private @Nullable WindowDetailRecord detail() {
        if (inquest.wantsEntries(config.replica())) {
            byte[] entries = windows.entries(inquest.window());
            return entries == null ? null : new WindowDetailRecord(config.replica(), inquest.window(), entries, null);
        }
        if (inquest.wantsAnswer(config.replica())) {
            AnswerWindows.Kept kept = windows.answer(inquest.position());
            return kept == null ? null : detail(kept);
        }
        return null;
    }

    private WindowDetailRecord detail(AnswerWindows.Kept kept) {
        Answer answer = kept.answer().answer();
        Answer cut = answer == null
                ? null
                : new Answer(
                        answer.status(),
                        answer.headers(),
                        Arrays.copyOf(answer.body(), Math.min(answer.body().length, Inquest.BODY_BYTES_MAX)));
        return new WindowDetailRecord(
                config.replica(),
                inquest.window(),
                new byte[0],
                new WindowDetailRecord.Told(
                        kept.position(), kept.method(), kept.target(), cut, answer == null ? 0 : answer.body().length));
    }
}

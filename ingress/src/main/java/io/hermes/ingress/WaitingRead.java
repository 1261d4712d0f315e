package io.hermes.ingress;

import io.hermes.proto.Answer;
import io.hermes.proto.ReadLevel;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One read that goes past the log, from its acceptance until its client is answered. */
final class WaitingRead {

    /** A longer answer than this is not held until its position is known; the read is sent once more. */
    private static final int HELD_BYTES_MAX = 64 * 1024;

    /**
     * An answer that a replica gave.
     *
     * @param answer of its app
     * @param position everything up to it was applied when the app began to execute the read
     * @param replica which one
     */
    record Given(Answer answer, long position, String replica) {}

    /** What becomes of a read after an answer, or after its bound is known. */
    enum Next {
        /** The answer is the client's. */
        ANSWER,
        /** The answer is kept, or none is here: it waits. */
        WAIT,
        /** A replica is to be asked, now that the bound is known. */
        SEND
    }

    private final long number;
    private final long bytes;
    private final Submission submission;
    private final ReadLevel level;
    private final Client client;
    private final long startedNanos;
    private final long deadlineNanos;

    // Guarded by this: the log's, the inbox's and the ingress loop's threads all move a read on.
    private long minPosition;
    private boolean bounded;
    private long bound;
    private ReadsAhead.@Nullable Try ahead;
    private @Nullable Given held;
    private boolean done;
    private boolean sent;
    private long sentNanos;
    private int attempts;
    private final Set<String> tried = new HashSet<>();
    private String refusals = "";
    private @Nullable Turn turn;

    WaitingRead(
            long number, Submission submission, ReadLevel level, Client client, long startedNanos, long deadlineNanos) {
        this.number = number;
        this.submission = submission;
        this.bytes = submission.bytes();
        this.level = level;
        this.client = client;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
        this.minPosition = submission.wish().minPosition();
        this.bounded = level != ReadLevel.BARRIER;
    }

    long number() {
        return number;
    }

    Submission submission() {
        return submission;
    }

    ReadLevel level() {
        return level;
    }

    Client client() {
        return client;
    }

    long startedNanos() {
        return startedNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long bytes() {
        return bytes;
    }

    synchronized long minPosition() {
        return minPosition;
    }

    /** Everything that was ordered before the read began stands at or before a position. */
    synchronized Next toBounded(long position) {
        bound = position;
        minPosition = Math.max(minPosition, position);
        bounded = true;
        Given given = held;
        if (given != null) {
            return judge(given.position());
        }
        return ahead == null ? Next.SEND : Next.WAIT;
    }

    /** It is to be sent before its bound is known; false if it has been, or if the bound is known, or nobody waits any more. */
    synchronized boolean toAhead(ReadsAhead.Try attempt) {
        if (done || bounded || ahead != null || held != null) {
            return false;
        }
        ahead = attempt;
        return true;
    }

    /** A replica that was asked ahead gives no answer; false if the bound is known, so that another one may be asked. */
    synchronized boolean toNotAhead() {
        boolean now = ahead != null && !bounded;
        ahead = null;
        return now;
    }

    /**
     * A replica has answered.
     *
     * @param budget an answer that is held takes its bytes from it, until the read is over
     */
    synchronized Next onGiven(Given given, ByteBudget budget) {
        if (bounded) {
            return judge(given.position());
        }
        int bytes = given.answer().body().length;
        if (done || held != null || bytes > HELD_BYTES_MAX || !budget.tryTake(bytes)) {
            drop();
        } else {
            held = given;
        }
        return Next.WAIT;
    }

    /** A replica's app has given an answer that is too long to be passed on, once everything up to a position was applied. */
    synchronized Next onTooLong(long position) {
        if (bounded) {
            return judge(position);
        }
        drop();
        return Next.WAIT;
    }

    private void drop() {
        if (ahead != null) {
            ahead.onJudged(false);
            ahead = null;
        }
    }

    /** Whether what a replica said counts: it may have been said before all was applied that the read has to see. */
    private Next judge(long position) {
        if (ahead != null) {
            // A client's own bound, which may be anything, is not what the try is judged by.
            ahead.onJudged(position >= bound);
            ahead = null;
        }
        return position >= minPosition ? Next.ANSWER : Next.SEND;
    }

    /** An answer that came before the bound was known. */
    synchronized @Nullable Given held() {
        return held;
    }

    /** Nobody waits any more; what is held goes. */
    synchronized void toDone(ByteBudget budget) {
        done = true;
        Given given = held;
        if (given != null) {
            budget.give(given.answer().body().length);
            held = null;
        }
    }

    synchronized boolean isDone() {
        return done;
    }

    /** It is sent together with others. */
    synchronized void toTurn(Turn next) {
        turn = next;
    }

    /** It is answered, or was given up. */
    void leaveTurn() {
        Turn present;
        synchronized (this) {
            present = turn;
            turn = null;
        }
        if (present != null) {
            present.leave();
        }
    }

    synchronized void toSent(String replica, long nowNanos) {
        sent = true;
        sentNanos = nowNanos;
        attempts++;
        tried.add(replica);
    }

    /** A replica refused: another one may be asked at once. */
    synchronized void toRefused(String replica, String why) {
        refusals = refusals + (refusals.isEmpty() ? "" : ", ") + replica + ": " + why;
    }

    /** Every replica had its turn: they all may be tried again. */
    synchronized void toUntried() {
        tried.clear();
    }

    /** Whether a replica was asked whose answer would be the client's. */
    synchronized boolean isSent() {
        return sent && bounded;
    }

    synchronized long sentNanos() {
        return sentNanos;
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized Set<String> tried() {
        return Set.copyOf(tried);
    }

    /** Which replicas refused, and why, for people; empty if none did. */
    synchronized String refusals() {
        return refusals;
    }
}

package io.hermes.ingress;

import io.hermes.proto.ReadLevel;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One read that goes past the log, from its acceptance until its client is answered. */
final class WaitingRead {

    private final long number;
    private final Submission submission;
    private final ReadLevel level;
    private final Client client;
    private final long startedNanos;
    private final long deadlineNanos;

    // Guarded by this: the log's, the inbox's and the ingress loop's threads all move a read on.
    private long minPosition;
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
        this.level = level;
        this.client = client;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
        this.minPosition = submission.wish().minPosition();
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

    int bodyBytes() {
        return submission.request().body().length;
    }

    synchronized long minPosition() {
        return minPosition;
    }

    /** Everything that was ordered before the read began stands at or before a position. */
    synchronized void toBounded(long position) {
        minPosition = Math.max(minPosition, position);
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

    synchronized boolean isSent() {
        return sent;
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

package io.hermes.ingress;

import io.hermes.proto.Fingerprint;
import io.hermes.proto.Fingerprinter;
import io.hermes.proto.Identity;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Routed;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of one client, from its acceptance until its slot may be used again.
 *
 * <pre>
 * APPENDING ──appended──▶ APPENDED ──reply, or proof that it was applied──▶ (slot freed)
 *     │   ▲                                        ▲
 *  unknown └──appended again under the same id──┐  │ reply
 *     ▼                                         │  │
 *  UNKNOWN ─────────────────────────────────────┘──┘
 * </pre>
 */
final class Exchange {

    /** What is known of the append. */
    enum State {
        /** An append is under way. */
        APPENDING,
        /** No append is under way; an earlier one may or may not have ordered the request. */
        UNKNOWN,
        /** The request is in the log. */
        APPENDED
    }

    private final Identity identity;
    private final long bytes;
    private final long startedNanos;
    private final long deadlineNanos;
    private final boolean readOnly;

    // Guarded by this: appends, replies and the ask-again loop come on different threads.
    private Client client;
    private State state = State.APPENDING;
    private @Nullable Routed record;
    private @Nullable Fingerprint fingerprint;
    private long position;
    private String responder;
    private boolean clientDone;
    private Keep keep;
    private boolean replied;
    private boolean proven;
    private long provenNanos;
    private long appliedAt;
    private int asks;
    private long askedNanos;
    private final Set<String> missingAt = new HashSet<>();

    /** Whether the replicas know that a client was told this exchange's id, and may come back for the answer. */
    private enum Keep {
        /** The client named the request itself, or asked a question that nobody asks again. */
        NEEDLESS,
        /** The client was not told the id, or the replicas do not know that it was. */
        NOT_YET,
        /** A record that says so is on its way. */
        UNDER_WAY,
        /** A record that says so is in the log. */
        DONE
    }

    /**
     * Opens an exchange.
     *
     * @param bytes what it takes in memory
     * @param readOnly whether no replica remembers the request, so that it has to be sent whole if it is asked again
     */
    Exchange(Routed record, long bytes, Client client, long startedNanos, long deadlineNanos, boolean readOnly) {
        this.readOnly = readOnly;
        this.record = record;
        this.identity = record.identity();
        this.client = client;
        this.bytes = bytes;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
        this.responder = record.route().responder();
        this.keep = identity.isNamed() ? Keep.NEEDLESS : Keep.NOT_YET;
    }

    long number() {
        return identity.correlation().number();
    }

    Identity identity() {
        return identity;
    }

    synchronized Client client() {
        return client;
    }

    long bytes() {
        return bytes;
    }

    long startedNanos() {
        return startedNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    synchronized State state() {
        return state;
    }

    /** Null as soon as a request that replicas remember is known to be in the log: it is asked for by its id then, never with its body. */
    synchronized @Nullable Routed record() {
        return record;
    }

    /** Where the request stands, as far as known; 0 if it is not. */
    synchronized long position() {
        return position;
    }

    synchronized String responder() {
        return responder;
    }

    synchronized boolean isClientDone() {
        return clientDone;
    }

    /**
     * The client's time is over. The slot may stay taken for long, and nothing of the client with it.
     *
     * @return who waited, to be told; null if a reply was here first
     */
    @Nullable
    synchronized Client toClientDone() {
        if (clientDone || replied) {
            return null;
        }
        Client waited = client;
        client = Client.GONE;
        clientDone = true;
        return waited;
    }

    synchronized void toAppended(long at) {
        state = State.APPENDED;
        position = at;
        if (record instanceof RequestRecord request && !readOnly) {
            if (identity.isNamed()) {
                fingerprint = new Fingerprinter().of(request.request(), identity.principal());
            }
            record = null;
        }
    }

    synchronized void toUnknown() {
        if (state == State.APPENDING) {
            state = State.UNKNOWN;
        }
    }

    /** Another append of the same request is under way, naming another responder. */
    synchronized void toAppendingAgain(Routed repeat) {
        state = State.APPENDING;
        record = repeat;
        responder = repeat.route().responder();
    }

    /** Takes notice of proof that some replica applied the request; tells since when there has been proof. */
    synchronized long provenSince(long nowNanos) {
        if (!proven) {
            proven = true;
            provenNanos = nowNanos;
        }
        return provenNanos;
    }

    synchronized int asks() {
        return asks;
    }

    synchronized long askedNanos() {
        return askedNanos;
    }

    synchronized void onAsked(String replica, long nowNanos) {
        responder = replica;
        asks++;
        askedNanos = nowNanos;
    }

    /** Of a request that its client named and that is in the log; else null. */
    synchronized @Nullable Fingerprint fingerprint() {
        return fingerprint;
    }

    /** A replica has applied the request and does not know the answer. */
    synchronized void onMissingAt(String replica, long firstPosition) {
        missingAt.add(replica);
        appliedAt = firstPosition;
    }

    /** Where the request was applied, as a replica said that has not heard the answer: a repeat stands elsewhere. */
    synchronized long appliedAt() {
        return appliedAt;
    }

    synchronized Set<String> missingAt() {
        return Set.copyOf(missingAt);
    }

    /**
     * A reply came: it is the client's, unless that was told 504 first.
     *
     * @return whether the slot may be freed; false if the client was told the id and the replicas do not know yet that it was
     */
    synchronized boolean toReplied() {
        replied = true;
        return !clientDone || isKept();
    }

    synchronized boolean isReplied() {
        return replied;
    }

    /** Whether the replicas have to be told to keep the answer, since the client was told the id; from now on it is being done. */
    synchronized boolean beginKeeping() {
        if (clientDone && keep == Keep.NOT_YET) {
            keep = Keep.UNDER_WAY;
            return true;
        }
        return false;
    }

    synchronized void endKeeping(boolean kept) {
        keep = kept ? Keep.DONE : Keep.NOT_YET;
    }

    /** Whether its client was told 504 with an id that it may come back with: only the slot waits. */
    synchronized boolean isOver() {
        return clientDone && isKept();
    }

    /** Whether the slot may be freed although the client may still come back with the id. */
    synchronized boolean isKept() {
        return keep == Keep.DONE || keep == Keep.NEEDLESS;
    }
}

package io.hermes.ingress;

import io.hermes.proto.RequestRecord;
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

    private final long number;
    private final Client client;
    private final int bodyBytes;
    private final long startedNanos;
    private final long deadlineNanos;

    // Guarded by this: appends, replies and the ask-again loop come on different threads.
    private State state = State.APPENDING;
    private @Nullable RequestRecord record;
    private long position;
    private String responder;
    private boolean clientDone;
    private boolean proven;
    private long provenNanos;
    private int asks;
    private long askedNanos;

    Exchange(RequestRecord record, Client client, long startedNanos, long deadlineNanos) {
        this.record = record;
        this.number = record.id().number();
        this.client = client;
        this.bodyBytes = record.request().body().length;
        this.startedNanos = startedNanos;
        this.deadlineNanos = deadlineNanos;
        this.responder = record.route().responder();
    }

    long number() {
        return number;
    }

    Client client() {
        return client;
    }

    int bodyBytes() {
        return bodyBytes;
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

    /** Null as soon as the request is known to be in the log: it is asked for by its id then, never with its body. */
    synchronized @Nullable RequestRecord record() {
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

    synchronized void toClientDone() {
        clientDone = true;
    }

    synchronized void toAppended(long at) {
        state = State.APPENDED;
        position = at;
        record = null;
    }

    synchronized void toUnknown() {
        if (state == State.APPENDING) {
            state = State.UNKNOWN;
        }
    }

    /** Another append of the same request is under way, naming another responder. */
    synchronized void toAppendingAgain(RequestRecord repeat) {
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
}

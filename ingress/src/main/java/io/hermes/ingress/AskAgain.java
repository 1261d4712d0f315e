package io.hermes.ingress;

import io.hermes.log.OrderedLog;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.RequestRecord;
import java.util.function.LongSupplier;

/**
 * Looks after the exchanges whose reply does not come:
 *
 * <ul>
 *   <li>the append ended unknown: append the request again, under the same id, once the log takes records again;
 *   <li>the append is known and some replica has applied it: ask that replica, by id and position alone;
 *   <li>the client's time is over: 504; the slot stays taken until a replica has applied the request, or else a slow app
 *       would let the lag grow without bound.
 * </ul>
 *
 * <p>Questions are at most 5% of appends, beyond a first hundred: more would feed an overload.
 *
 * <p>Owned by the ingress loop's thread.
 */
final class AskAgain {

    private static final double SHARE_MAX = 0.05;
    private static final double BURST_MAX = 100;
    private static final int DOUBLINGS_MAX = 5;

    private final OrderedLog log;
    private final ReplicaRoster roster;
    private final LogGate gate;
    private final PendingTable pending;
    private final Correlator correlator;
    private final IngressMeters meters;
    private final ReplyAddress address;
    private final IngressConfig config;
    private final LongSupplier nanoClock;

    // All below is owned by the ingress loop's thread.
    private double budget = BURST_MAX;
    private long appendsBefore;

    AskAgain(
            Correlator.Collaborators with,
            Correlator correlator,
            ReplyAddress address,
            IngressConfig config,
            LongSupplier nanoClock) {
        this.log = with.log();
        this.roster = with.roster();
        this.gate = with.gate();
        this.pending = with.pending();
        this.meters = with.meters();
        this.correlator = correlator;
        this.address = address;
        this.config = config;
        this.nanoClock = nanoClock;
    }

    /** Looks at every exchange once. */
    void tick() {
        long appends = pending.opened();
        budget = Math.min(BURST_MAX, budget + SHARE_MAX * (appends - appendsBefore));
        appendsBefore = appends;
        long nowNanos = nanoClock.getAsLong();
        pending.forEach(exchange -> lookAfter(exchange, nowNanos));
    }

    private void lookAfter(Exchange exchange, long nowNanos) {
        if (nowNanos - exchange.deadlineNanos() >= 0 && !exchange.isClientDone()) {
            exchange.toClientDone();
            meters.onTimedOut();
            exchange.client()
                    .problem(
                            Problem.outcomeUnknown(
                                    id(exchange),
                                    "no answer within "
                                            + config.requestTimeout().toMillis()
                                            + " ms (ingress.request-timeout); the request may have been or may still be applied"));
        }
        switch (exchange.state()) {
            case APPENDING -> {}
            case UNKNOWN -> lookAfterUnknown(exchange, nowNanos);
            case APPENDED -> lookAfterAppended(exchange, nowNanos);
        }
    }

    private void lookAfterUnknown(Exchange exchange, long nowNanos) {
        if (exchange.isClientDone()) {
            // The number counts as finished from the next record on, and a late copy is refused then.
            pending.close(exchange);
            return;
        }
        RequestRecord record = exchange.record();
        String responder = roster.responder();
        if (gate.isOpen() && record != null && responder != null && takeFromBudget()) {
            RequestRecord repeat = record.withRoute(new ReplyRoute(address.value(), responder));
            exchange.onAsked(responder, nowNanos);
            exchange.toAppendingAgain(repeat);
            meters.onAskedAgain();
            correlator.append(exchange, repeat);
        }
    }

    private void lookAfterAppended(Exchange exchange, long nowNanos) {
        long position = exchange.position();
        if (roster.appliedThrough() < position) {
            return;
        }
        long sinceNanos = exchange.asks() == 0 ? exchange.provenSince(nowNanos) : exchange.askedNanos();
        long patience = config.askAgainAfter().toNanos() << Math.min(exchange.asks(), DOUBLINGS_MAX);
        if (nowNanos - sinceNanos < patience) {
            return;
        }
        if (exchange.isClientDone()) {
            pending.close(exchange);
            return;
        }
        String replica = roster.replicaBeyond(position, exchange.responder());
        if (replica != null && takeFromBudget()) {
            ask(exchange, replica, position, nowNanos);
        }
    }

    private void ask(Exchange exchange, String replica, long position, long nowNanos) {
        if (!replica.equals(exchange.responder())) {
            roster.suspect(exchange.responder());
        }
        exchange.onAsked(replica, nowNanos);
        meters.onAskedAgain();
        AskAgainRecord question = new AskAgainRecord(id(exchange), position, new ReplyRoute(address.value(), replica));
        // Whatever becomes of it: if no reply comes, the next question follows.
        var unused = log.append(RecordCodec.encode(question));
    }

    private boolean takeFromBudget() {
        if (budget < 1) {
            return false;
        }
        budget -= 1;
        return true;
    }

    private CorrelationId id(Exchange exchange) {
        return new CorrelationId(config.incarnation(), exchange.number());
    }
}

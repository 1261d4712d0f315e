package io.hermes.ingress;

import io.hermes.log.OrderedLog;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.Routed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Looks after the exchanges whose reply does not come:
 *
 * <ul>
 *   <li>the append ended unknown: append the request again, under the same id, once the log takes records again;
 *   <li>the append is known and some replica has applied it: ask that replica, by id and position alone;
 *   <li>the client's time is over: 504 with the id, which the replicas are told to keep; the slot stays taken until they know,
 *       and until a replica has applied the request, or else a slow app would let the lag grow without bound.
 * </ul>
 *
 * <p>Questions are bounded by a {@link RepeatBudget}.
 *
 * <p>Owned by the ingress loop's thread.
 */
final class AskAgain {

    private static final int DOUBLINGS_MAX = 5;
    /** Numbers in one record that says which answers to keep. */
    private static final int KEEP_MAX = 1_000;

    private final OrderedLog log;
    private final ReplicaRoster roster;
    private final LogGate gate;
    private final PendingTable pending;
    private final Correlator correlator;
    private final IngressMeters meters;
    private final ReplyAddress address;
    private final IngressConfig config;
    private final Clocks clocks;
    private final LongSupplier nanoClock;

    // All below is owned by the ingress loop's thread.
    private final List<Exchange> toKeep = new ArrayList<>();
    private final RepeatBudget budget = new RepeatBudget();

    AskAgain(
            Correlator.Collaborators with,
            Correlator correlator,
            ReplyAddress address,
            IngressConfig config,
            Clocks clocks) {
        this.log = with.log();
        this.roster = with.roster();
        this.gate = with.gate();
        this.pending = with.pending();
        this.meters = with.meters();
        this.correlator = correlator;
        this.address = address;
        this.config = config;
        this.clocks = clocks;
        this.nanoClock = clocks.nano();
    }

    /** Looks at every exchange once. */
    void tick() {
        budget.earn(pending.opened());
        long nowNanos = nanoClock.getAsLong();
        pending.forEach(exchange -> lookAfter(exchange, nowNanos));
        keep();
    }

    /** Clients that were told 504 may come back with the ids that they were given: the replicas have to know. */
    private void keep() {
        if (toKeep.isEmpty()) {
            return;
        }
        List<Exchange> told = List.copyOf(toKeep);
        toKeep.clear();
        KeepRecord record = new KeepRecord(
                config.incarnation(),
                told.stream().map(Exchange::number).toList(),
                clocks.millis().getAsLong());
        var unused = log.append(RecordCodec.encode(record)).thenAccept(outcome -> {
            boolean kept = outcome.match(appended -> true, rejected -> false, unknown -> false);
            told.forEach(exchange -> exchange.endKeeping(kept));
        });
    }

    private void lookAfter(Exchange exchange, long nowNanos) {
        Client waited = nowNanos - exchange.deadlineNanos() >= 0 ? exchange.toClientDone() : null;
        if (waited != null) {
            meters.onTimedOut();
            waited.problem(Problem.outcomeUnknown(
                    exchange.identity().id(),
                    "no answer within "
                            + config.requestTimeout().toMillis()
                            + " ms (ingress.request-timeout); the request may have been or may still be applied"));
        }
        if (gate.isOpen() && toKeep.size() < KEEP_MAX && exchange.beginKeeping()) {
            toKeep.add(exchange);
        }
        if (exchange.isClientDone() && exchange.isReplied() && exchange.isKept()) {
            pending.close(exchange);
            return;
        }
        switch (exchange.state()) {
            case APPENDING -> {}
            case UNKNOWN -> lookAfterUnknown(exchange, nowNanos);
            case APPENDED -> lookAfterAppended(exchange, nowNanos);
        }
    }

    private void lookAfterUnknown(Exchange exchange, long nowNanos) {
        if (exchange.isClientDone()) {
            // Its client knows the id, and so do the replicas: whoever brings the request next, it is applied once.
            closeIfKept(exchange);
            return;
        }
        appendAgain(exchange, nowNanos);
    }

    private void appendAgain(Exchange exchange, long nowNanos) {
        Routed record = exchange.record();
        String responder = roster.responder();
        if (gate.isOpen() && record != null && responder != null && budget.tryTake()) {
            Routed repeat = record.withRoute(new ReplyRoute(address.value(), responder));
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
            closeIfKept(exchange);
            return;
        }
        if (exchange.record() != null) {
            appendAgain(exchange, nowNanos);
            return;
        }
        Set<String> missingAt = exchange.missingAt();
        String replica = roster.replicaBeyond(position, exchange.responder(), missingAt);
        if (replica != null && budget.tryTake()) {
            ask(exchange, replica, position, nowNanos);
        } else if (replica == null && !missingAt.isEmpty() && roster.isComplete(missingAt)) {
            pending.close(exchange);
            exchange.client().problem(Problem.answerNotKept(exchange.identity().id(), exchange.appliedAt()));
        }
    }

    private void closeIfKept(Exchange exchange) {
        if (exchange.isKept()) {
            pending.close(exchange);
        }
    }

    private void ask(Exchange exchange, String replica, long position, long nowNanos) {
        if (!replica.equals(exchange.responder()) && !exchange.missingAt().contains(exchange.responder())) {
            roster.suspect(exchange.responder());
        }
        exchange.onAsked(replica, nowNanos);
        meters.onAskedAgain();
        AskAgainRecord question = new AskAgainRecord(
                exchange.identity(), position, new ReplyRoute(address.value(), replica), exchange.fingerprint());
        // Whatever becomes of it: if no reply comes, the next question follows.
        var unused = log.append(RecordCodec.encode(question));
    }
}

package io.hermes.ingress;

import io.hermes.log.AppendOutcome;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Identity;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Routed;
import io.hermes.proto.UndecodableException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each client together with the one reply to its request: appends the request, and hands the reply that carries its id
 * to whoever waits. Any thread; nothing here waits.
 */
final class Correlator {

    private static final Logger LOG = LoggerFactory.getLogger(Correlator.class);

    private static final long INQUIRY_BYTES = 2 << 10;

    private final OrderedLog log;
    private final ReplicaRoster roster;
    private final LogGate gate;
    private final PendingTable pending;
    private final IngressMeters meters;
    private final ReplyAddress address;
    private final IngressConfig config;
    private final Clocks clocks;
    private final LongSupplier seeds;
    // Raised by the log's, the inbox's and the bulletin's threads.
    private final AtomicLong seenThrough;
    // Set when the ingress shuts down, read by Jetty's threads.
    private volatile boolean closed;
    // Set once, before anything comes; read by Jetty's, the log's and the inbox's threads.
    private volatile @Nullable ReadCorrelator reads;

    Correlator(Collaborators with, ReplyAddress address, IngressConfig config, Clocks clocks, LongSupplier seeds) {
        this.log = with.log();
        this.roster = with.roster();
        this.gate = with.gate();
        this.pending = with.pending();
        this.meters = with.meters();
        this.seenThrough = with.seenThrough();
        this.address = address;
        this.config = config;
        this.clocks = clocks;
        this.seeds = seeds;
    }

    /** Reads go past the log from now on: what is appended serves them, and replies to them come here. */
    void serve(ReadCorrelator correlator) {
        reads = correlator;
    }

    /** What a correlator works with. */
    record Collaborators(
            OrderedLog log,
            ReplicaRoster roster,
            LogGate gate,
            PendingTable pending,
            IngressMeters meters,
            AtomicLong seenThrough) {}

    /** Takes a complete request; its client is answered sooner or later, whatever happens. */
    void accept(Submission submission, boolean readOnly, Client client) {
        open(submission.bytes(), client, readOnly, (number, lowest, responder) -> {
            CorrelationId correlation = new CorrelationId(config.incarnation(), number);
            RequestId named = submission.named();
            return new RequestRecord(
                    named == null
                            ? Identity.unnamed(correlation, submission.principal())
                            : new Identity(correlation, named, submission.principal()),
                    submission.request(),
                    clocks.millis().getAsLong(),
                    seeds.getAsLong(),
                    submission.traceParent(),
                    new ReplyRoute(address.value(), responder),
                    Math.max(seenThrough.get(), roster.appliedThrough()),
                    lowest);
        });
    }

    /** Asks what became of a request; if it is to be cancelled, it is not applied any more unless it was already. */
    void inquire(RequestId id, String principal, boolean cancel, Client client) {
        open(
                INQUIRY_BYTES,
                client,
                false,
                (number, lowest, responder) -> new InquiryRecord(
                        new Identity(new CorrelationId(config.incarnation(), number), id, principal),
                        cancel,
                        new ReplyRoute(address.value(), responder),
                        clocks.millis().getAsLong()));
    }

    /** Makes the record of an exchange. */
    private interface Making {
        Routed make(long number, long lowestUnfinished, String responder);
    }

    private void open(long bytes, Client client, boolean readOnly, Making making) {
        String refusal = whyClosed();
        String responder = refusal == null ? roster.responder() : null;
        if (responder == null) {
            refuse(client, refusal == null ? "no replica is serving" : refusal);
            return;
        }
        long nowNanos = clocks.nano().getAsLong();
        Exchange exchange = pending.open(
                bytes,
                (number, lowest) -> new Exchange(
                        making.make(number, lowest, responder),
                        bytes,
                        client,
                        nowNanos,
                        nowNanos + config.requestTimeout().toNanos(),
                        readOnly));
        if (exchange == null) {
            refuse(client, "too many requests are waiting (ingress.pending-max, ingress.pending-bytes-max)");
            return;
        }
        Routed record = exchange.record();
        if (record != null) {
            append(exchange, record);
        }
    }

    /** Appends a record, for the first time or again, under the same id. */
    void append(Exchange exchange, Routed record) {
        ReadCorrelator served = reads;
        long call = served == null ? 0 : served.barriers().onCall();
        var unused = log.append(RecordCodec.encode(record)).thenAccept(outcome -> onAppended(exchange, call, outcome));
    }

    /** Takes what comes from the reply bus. */
    void onReplies(byte[] bytes) {
        try {
            ReplyBatch batch = ReplyCodec.decode(bytes);
            roster.onReplies(batch);
            for (Reply reply : batch.replies()) {
                onReply(batch.replica(), reply);
            }
            ReadCorrelator asked = reads;
            if (asked != null) {
                batch.reads().forEach(reply -> asked.onReply(batch.replica(), reply));
            }
        } catch (UndecodableException e) {
            LOG.warn("passing over undecodable replies reason={}", e.getMessage());
        }
    }

    /** From now on nobody is let in. */
    void close() {
        closed = true;
    }

    /** Why not even reads are let in that need no log; null if they are. */
    @Nullable
    String whyShut() {
        return closed ? "this ingress is shutting down" : null;
    }

    /** Why nobody is let in at this moment; null if somebody is. */
    @Nullable
    String whyClosed() {
        String shut = whyShut();
        if (shut != null) {
            return shut;
        }
        if (!gate.isOpen()) {
            return gate.reason();
        }
        String clock = roster.whyClockIsOff();
        if (clock != null) {
            return clock;
        }
        return roster.hasCandidate() ? null : "no replica is serving";
    }

    private void refuse(Client client, String why) {
        meters.onNotOrdered();
        client.problem(Problem.notOrdered(why));
    }

    private void onAppended(Exchange exchange, long call, AppendOutcome outcome) {
        outcome.match(
                appended -> {
                    long position = appended.position().value();
                    seenThrough.accumulateAndGet(position, Math::max);
                    exchange.toAppended(position);
                    meters.onAppended();
                    ReadCorrelator served = reads;
                    if (served != null) {
                        served.barriers().onAppended(call, position);
                    }
                    return null;
                },
                rejected -> {
                    onRejected(exchange, rejected.reason());
                    return null;
                },
                unknown -> {
                    exchange.toUnknown();
                    gate.onUnknown(unknown.reason());
                    meters.onUnknown();
                    return null;
                });
    }

    /** Rejected at the first attempt: nothing was ordered. At a later one the first may have been: still unknown. */
    private void onRejected(Exchange exchange, String why) {
        if (exchange.asks() > 0) {
            exchange.toUnknown();
            gate.onUnknown(why);
        } else {
            pending.close(exchange);
            refuse(exchange.client(), why);
        }
    }

    private void onReply(String replica, Reply reply) {
        Exchange exchange = reply.id().incarnation().equals(config.incarnation())
                ? pending.find(reply.id().number())
                : null;
        if (exchange == null) {
            meters.onStrayReply();
            return;
        }
        seenThrough.accumulateAndGet(reply.position(), Math::max);
        if (reply.outcome() == ReplyOutcome.Told.MISSING_HERE) {
            exchange.onMissingAt(replica, reply.position());
            return;
        }
        if (!exchange.toReplied()) {
            return;
        }
        pending.close(exchange);
        exchange.client().reply(exchange.identity().id(), reply, replica);
        if (reply.outcome() instanceof ReplyOutcome.Answered) {
            meters.onAnswered(exchange.startedNanos(), clocks.nano().getAsLong());
        }
    }
}

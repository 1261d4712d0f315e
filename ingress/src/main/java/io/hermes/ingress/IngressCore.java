package io.hermes.ingress;

import io.hermes.log.Bulletin;
import io.hermes.log.Inbox;
import io.hermes.log.LogBackend;
import io.hermes.log.ReplicaLink;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.RequestId;
import io.hermes.proto.Route;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of an ingress but HTTP and threads: takes requests with the clients that wait for them, and is told of time by
 * {@link #tick}. So a simulation can run it as it is.
 */
public final class IngressCore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IngressCore.class);

    private static final long NOTICE_NANOS = 1_000_000_000;

    private final LogBackend backend;
    private final IngressConfig config;
    private final Clocks clocks;
    private final ReplicaRoster roster;
    private final LogGate gate;
    private final PendingTable pending;
    private final Inbox inbox;
    private final Correlator correlator;
    private final AskAgain askAgain;
    private final @Nullable ReadCorrelator reads;
    private final AtomicLong seenThrough = new AtomicLong();
    private Bulletin.@Nullable Watch watch;
    // Owned by the thread that ticks.
    private long lastNoticeNanos;
    private boolean lastReady;

    /**
     * Wires one ingress and opens its inbox, so that no reply can be missed later.
     *
     * @param backend where the log, the replies and the board are; not closed here
     * @param config the bounds
     * @param meters takes the metrics
     * @param clocks of this process
     * @param seeds random numbers for apps that want the same one in every copy
     */
    public IngressCore(
            LogBackend backend, IngressConfig config, MeterRegistry meters, Clocks clocks, LongSupplier seeds) {
        this(backend, config, meters, clocks, seeds, AnswerBursts.UNHEEDED);
    }

    IngressCore(
            LogBackend backend,
            IngressConfig config,
            MeterRegistry meters,
            Clocks clocks,
            LongSupplier seeds,
            AnswerBursts bursts) {
        this.backend = backend;
        this.config = config;
        this.clocks = clocks;
        this.roster = new ReplicaRoster(config, clocks);
        this.gate = new LogGate(
                backend.log(),
                config.incarnation(),
                position -> seenThrough.accumulateAndGet(position, Math::max),
                clocks.millis(),
                clocks.nano());
        this.pending = new PendingTable(config.pendingMax(), config.pendingBytesMax());
        IngressMeters counted = new IngressMeters(meters);
        // The inbox has to be open before its address is known, and the address before anything can come.
        AtomicReference<@Nullable Correlator> toCorrelator = new AtomicReference<>();
        this.inbox = backend.replies().openInbox(config.incarnation().value(), bytes -> {
            Correlator target = toCorrelator.get();
            if (target != null) {
                bursts.around(() -> target.onReplies(bytes));
            }
        });
        Correlator.Collaborators with =
                new Correlator.Collaborators(backend.log(), roster, gate, pending, counted, seenThrough);
        this.correlator = new Correlator(with, inbox.address(), config, clocks, seeds);
        toCorrelator.set(correlator);
        this.askAgain = new AskAgain(with, correlator, inbox.address(), config, clocks);
        ReplicaLink link = backend.link();
        this.reads = link == null
                ? null
                : new ReadCorrelator(link, with, correlator, inbox.address(), config, clocks, bursts);
        if (reads != null) {
            correlator.serve(reads);
        }
        this.lastNoticeNanos = clocks.nano().getAsLong() - NOTICE_NANOS;
        Gauge.builder("hermes.pending.requests", pending, PendingTable::size)
                .description("Requests that wait for their reply")
                .register(meters);
        Gauge.builder("hermes.seen.position", seenThrough, AtomicLong::get)
                .description("The highest position of the log that this ingress knows")
                .register(meters);
    }

    /** Begins to watch the board. */
    public void start() {
        watch = backend.bulletin().watch(roster);
    }

    /**
     * Takes a complete request; its client is answered sooner or later, whatever happens. Any thread, without blocking.
     *
     * @param submission what the client asked
     * @param client answered once
     */
    public void accept(Submission submission, Client client) {
        if (isYetToBeGiven(submission.named())) {
            client.problem(Problem.unknownId());
            return;
        }
        Route route = roster.routes().find(submission.request());
        if (route == null || !route.readOnly()) {
            correlator.accept(submission, false, client);
            return;
        }
        ReadLevel wanted = submission.wish().level();
        ReadLevel level = wanted == null ? route.level() : wanted;
        if (reads == null || level == ReadLevel.ORDERED) {
            correlator.accept(submission, true, client);
        } else {
            reads.accept(submission, level, client);
        }
    }

    /**
     * Asks what became of a request, once everything before the question was applied. Any thread, without blocking.
     *
     * @param id of the request
     * @param principal on whose behalf
     * @param cancel whether the request is not to be applied any more, unless it was already
     * @param client answered once
     */
    public void inquire(RequestId id, String principal, boolean cancel, Client client) {
        if (isYetToBeGiven(id)) {
            client.problem(Problem.unknownId());
        } else {
            correlator.inquire(id, principal, cancel, client);
        }
    }

    /** Whoever took an id of the future would take it from somebody else's request. Other ingresses' ids cannot be told. */
    private boolean isYetToBeGiven(@Nullable RequestId id) {
        return id instanceof RequestId.Made made
                && made.first().incarnation().equals(config.incarnation())
                && made.first().number() > pending.opened();
    }

    /** Looks after what does not come by itself: late replies, time-outs, the log's return, the notice each second. */
    public void tick() {
        gate.tick();
        roster.tick();
        askAgain.tick();
        if (reads != null) {
            reads.tick();
        }
        tellNotice();
    }

    /** From now on nobody is let in; who waits goes on waiting. */
    public void stopAccepting() {
        correlator.close();
    }

    /** Whether some client still waits, or was told an id that the replicas do not know of yet. Any thread. */
    boolean isAwaited() {
        return pending.hasAny(exchange -> !exchange.isOver()) || (reads != null && reads.size() > 0);
    }

    /**
     * How this ingress stands.
     *
     * @return as of now; any thread
     */
    public IngressStatus status() {
        String refusal = correlator.whyClosed();
        String reason = refusal == null ? "" : refusal;
        return new IngressStatus(reason.isEmpty(), reason, pending.size(), seenThrough.get(), roster.notices());
    }

    /** Closes the inbox and takes the notice down; to be called after the last tick. Idempotent. */
    @Override
    public void close() {
        inbox.close();
        Bulletin.Watch current = watch;
        watch = null;
        if (current != null) {
            current.close();
        }
        backend.bulletin().withdraw(notice().key());
    }

    private void tellNotice() {
        IngressStatus status = status();
        if (status.ready() != lastReady) {
            LOG.info("ingress ready={} reason={}", status.ready(), status.reason());
        }
        long nowNanos = clocks.nano().getAsLong();
        if (status.ready() != lastReady || nowNanos - lastNoticeNanos >= NOTICE_NANOS) {
            lastReady = status.ready();
            lastNoticeNanos = nowNanos;
            backend.bulletin().publish(notice().key(), NoticeCodec.encode(notice()));
        }
    }

    private Notice notice() {
        IngressStatus status = status();
        return new Notice.OfIngress(config.name(), config.incarnation(), status.ready(), status.reason());
    }
}

package io.hermes.ingress;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import io.hermes.log.Inbox;
import io.hermes.log.LogBackend;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process that faces clients: Jetty in front, the log behind, and a loop of its own that looks after what does not come
 * by itself (late replies, time-outs, the log's return, the notice each second).
 */
public final class Ingress implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ingress.class);

    private static final long TICK_MILLIS = 20;
    private static final long NOTICE_NANOS = 1_000_000_000;
    private static final long DRAIN_NANOS = 5_000_000_000L;

    private final LogBackend backend;
    private final IngressConfig config;
    private final FaultHandler faults;
    private final Clocks clocks;
    private final ReplicaRoster roster;
    private final LogGate gate;
    private final PendingTable pending;
    private final Inbox inbox;
    private final Correlator correlator;
    private final AskAgain askAgain;
    private final IngressServer server;
    private final Thread loop;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong seenThrough = new AtomicLong();
    private Bulletin.@Nullable Watch watch;
    // Owned by the ingress loop's thread.
    private long lastNoticeNanos;
    private boolean lastReady;

    /**
     * Wires one ingress and opens its inbox, so that no reply can be missed later; listens to no client yet.
     *
     * @param backend where the log, the replies and the board are; not closed here
     * @param config the bounds
     * @param meters takes the metrics
     * @param faults told when an invariant is broken
     * @param clocks of this process
     * @param seeds random numbers for apps that want the same one in every copy
     */
    public Ingress(
            LogBackend backend,
            IngressConfig config,
            MeterRegistry meters,
            FaultHandler faults,
            Clocks clocks,
            LongSupplier seeds) {
        this.backend = backend;
        this.config = config;
        this.faults = faults;
        this.clocks = clocks;
        this.roster = new ReplicaRoster(config, clocks.nano());
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
                target.onReplies(bytes);
            }
        });
        Correlator.Collaborators with =
                new Correlator.Collaborators(backend.log(), roster, gate, pending, counted, seenThrough);
        this.correlator = new Correlator(with, inbox.address(), config, clocks, seeds);
        toCorrelator.set(correlator);
        this.askAgain = new AskAgain(with, correlator, inbox.address(), config, clocks.nano());
        this.server = new IngressServer(config, new RequestHandler(correlator, config));
        this.loop = new Thread(this::runLoop, "ingress-loop-0");
        this.lastNoticeNanos = clocks.nano().getAsLong() - NOTICE_NANOS;
        Gauge.builder("hermes.pending.requests", pending, PendingTable::size)
                .description("Requests that wait for their reply")
                .register(meters);
        Gauge.builder("hermes.seen.position", seenThrough, AtomicLong::get)
                .description("The highest position of the log that this ingress knows")
                .register(meters);
    }

    /**
     * Listens to clients and begins to watch the board.
     *
     * @throws IOException if the port is taken
     */
    public void start() throws IOException {
        server.start();
        watch = backend.bulletin().watch(roster);
        loop.start();
    }

    /**
     * The port that clients use.
     *
     * @return the real one, also where 0 was asked for
     */
    public int port() {
        return server.port();
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

    /** Lets nobody in any more, waits up to 5 seconds for the replies still due, then stops. Idempotent. */
    @Override
    public void close() {
        if (stop.getCount() == 0) {
            return;
        }
        correlator.close();
        awaitDrained();
        stop.countDown();
        join(loop);
        server.close();
        inbox.close();
        Bulletin.Watch current = watch;
        if (current != null) {
            current.close();
        }
        backend.bulletin().withdraw(notice().key());
    }

    private void runLoop() {
        try {
            do {
                gate.tick();
                roster.tick();
                askAgain.tick();
                tellNotice();
            } while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            faults.onFatal("ingress " + config.name() + " cannot go on: " + e.getMessage(), e);
        }
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

    private void awaitDrained() {
        long endNanos = clocks.nano().getAsLong() + DRAIN_NANOS;
        try {
            while (pending.size() > 0 && clocks.nano().getAsLong() - endNanos < 0) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.hermes.ingress;

import io.hermes.log.OrderedLog;
import io.hermes.proto.BarrierRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Incarnation;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplyRoute;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether requests are let in at all. Closed until a barrier was appended, and again as soon as an append ends unknown: then
 * more requests would only share its fate, so barriers probe the log until one is appended.
 */
final class LogGate {

    private static final Logger LOG = LoggerFactory.getLogger(LogGate.class);

    private static final long PROBE_PAUSE_NANOS = 250_000_000;

    private final OrderedLog log;
    private final Incarnation incarnation;
    private final LongConsumer onPosition;
    private final LongSupplier millisClock;
    private final LongSupplier nanoClock;

    // Written by the log's threads and the ingress loop's, read by Jetty's.
    private volatile boolean open;
    private volatile boolean probing;
    private volatile String reason = "the log was not reached yet";

    // Owned by the ingress loop's thread.
    private long probes;
    private long lastProbeNanos;

    LogGate(
            OrderedLog log,
            Incarnation incarnation,
            LongConsumer onPosition,
            LongSupplier millisClock,
            LongSupplier nanoClock) {
        this.log = log;
        this.incarnation = incarnation;
        this.onPosition = onPosition;
        this.millisClock = millisClock;
        this.nanoClock = nanoClock;
        this.lastProbeNanos = nanoClock.getAsLong() - PROBE_PAUSE_NANOS;
    }

    boolean isOpen() {
        return open;
    }

    /** For people: why it is closed. */
    String reason() {
        return reason;
    }

    void onUnknown(String why) {
        reason = "the log does not answer: " + why;
        if (open) {
            LOG.warn("closing to new requests reason={}", reason);
        }
        open = false;
    }

    /** Probes if need be. To be called some times a second by one thread. */
    void tick() {
        long nowNanos = nanoClock.getAsLong();
        if (open || probing || nowNanos - lastProbeNanos < PROBE_PAUSE_NANOS) {
            return;
        }
        lastProbeNanos = nowNanos;
        probing = true;
        probes++;
        BarrierRecord barrier =
                new BarrierRecord(new CorrelationId(incarnation, probes), ReplyRoute.NOBODY, millisClock.getAsLong());
        var unused = log.append(RecordCodec.encode(barrier))
                .thenAccept(outcome -> outcome.match(
                        appended -> {
                            onPosition.accept(appended.position().value());
                            open = true;
                            LOG.info("open to requests position={}", appended.position());
                            return null;
                        },
                        rejected -> {
                            reason = "the log does not take records: " + rejected.reason();
                            return null;
                        },
                        unknown -> {
                            reason = "the log does not answer: " + unknown.reason();
                            return null;
                        }))
                .whenComplete((done, failure) -> probing = false);
    }
}

package io.hermes.applier;

import io.hermes.log.Bulletin;
import io.hermes.log.FaultHandler;
import io.hermes.log.LogBackend;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReplicaState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica's sidecar: drives the {@link ApplyLoop} on a thread of its own, and puts up a notice of how far it is every
 * second and at each change of state.
 */
public final class Applier implements AutoCloseable {

    private static final long NOTICE_MILLIS = 1_000;
    private static final long IDLE_MILLIS = 10;
    private static final long CLOSE_SECONDS = 15;

    private final LogBackend backend;
    private final Bulletin bulletin;
    private final ApplierConfig config;
    private final FaultHandler faults;
    private final ApplyLoop.Replica replica;
    private final LongSupplier millisClock;
    private final ApplyLoop loop;
    private final Thread loopThread;
    private final Thread noticeThread;
    private final @Nullable ReadLoop reads;
    private final CountDownLatch stop = new CountDownLatch(1);

    // Written by the loop's thread, read by those of the bulletin, the admin port and the metrics.
    private volatile ReplicaStatus status = ReplicaStatus.NOTHING_YET;

    /**
     * Wires one replica; nothing runs yet.
     *
     * @param backend where the log, the replies and the board are; not closed here
     * @param config of the applier
     * @param replica the app and what is known of it; closed here
     * @param meters takes the metrics
     * @param faults told when an invariant is broken
     * @param clocks of this process
     */
    public Applier(
            LogBackend backend,
            ApplierConfig config,
            ApplyLoop.Replica replica,
            MeterRegistry meters,
            FaultHandler faults,
            Clocks clocks) {
        this.bulletin = backend.bulletin();
        this.config = config;
        this.faults = faults;
        this.replica = replica;
        this.millisClock = clocks.millis();
        this.loop = new ApplyLoop(backend.log(), backend.replies(), replica, config, this::onStatus, clocks.nano());
        this.loopThread = new Thread(this::runLoop, "applier-loop-0");
        this.noticeThread = new Thread(this::runNotices, "applier-notice-0");
        this.reads = ReadLoop.of(backend, replica, config, clocks.nano());
        register(meters);
        replica.snapshots().register(meters);
        this.backend = backend;
    }

    /**
     * Starts the app and begins to apply.
     *
     * @throws IOException if the app's directory cannot be made
     * @throws IllegalStateException if the app's directory holds files that Hermes did not make
     */
    public void start() throws IOException {
        replica.host().claim();
        replica.snapshots().onNews(this::publishNotice);
        replica.snapshots().open(backend, config.incarnation());
        loopThread.start();
        noticeThread.start();
        if (reads != null) {
            reads.start();
        }
    }

    /**
     * How far the replica is.
     *
     * @return as of the last batch; any thread
     */
    public ReplicaStatus status() {
        return status;
    }

    /** Stops applying, ends the app and takes the notice down, within 20 seconds. Idempotent. */
    @Override
    public void close() {
        stop.countDown();
        if (reads != null) {
            reads.close();
        }
        replica.app().stop();
        replica.host().stop();
        join(loopThread);
        join(noticeThread);
        replica.host().close();
        replica.snapshots().close();
        bulletin.withdraw(notice().key());
    }

    private void runLoop() {
        try {
            while (stop.getCount() > 0) {
                if (loop.doWork() == 0) {
                    boolean stopping = stop.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                    if (stopping) {
                        break;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            faults.onFatal("replica " + config.replica() + " cannot go on: " + e, e);
        } finally {
            loop.close();
        }
    }

    private void runNotices() {
        try {
            do {
                publishNotice();
            } while (!stop.await(NOTICE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onStatus(ReplicaStatus next) {
        ReplicaState before = status.state();
        status = next;
        if (reads != null) {
            reads.onStatus(next);
        }
        if (before != next.state()) {
            publishNotice();
        }
    }

    private void publishNotice() {
        Notice notice = notice();
        bulletin.publish(notice.key(), NoticeCodec.encode(notice));
    }

    private Notice notice() {
        ReplicaStatus now = status;
        return new Notice.OfReplica(
                config.replica(),
                config.incarnation(),
                now.state(),
                now.appliedThrough(),
                now.reason(),
                now.incarnations(),
                millisClock.getAsLong(),
                now.logTimeMillis(),
                new Notice.Reads(
                        reads == null ? "" : reads.address(),
                        now.settings().revision(),
                        now.settings().routes()),
                replica.snapshots().notice(),
                new Notice.Divergence(
                        now.divergence().ordinals(),
                        now.divergence().equalBelow(),
                        now.divergence().alarm(),
                        now.settings().windows().replicas()));
    }

    private void register(MeterRegistry meters) {
        FunctionCounter.builder("hermes.applied.requests", this, applier -> applier.status.appliedRequests())
                .description("Requests that this incarnation of the app has executed")
                .register(meters);
        Gauge.builder("hermes.applied.position", this, applier -> applier.status.appliedThrough())
                .description("Everything up to this position of the log was applied")
                .register(meters);
        Gauge.builder("hermes.app.incarnations", this, applier -> applier.status.incarnations())
                .description("Incarnations of the app that this run of the applier has begun")
                .register(meters);
        FunctionCounter.builder("hermes.replica.divergence.unequal.windows", this, applier -> applier.status
                        .divergence()
                        .unequal())
                .description("Windows in which replicas answered differently, as far as the log was read")
                .register(meters);
        Gauge.builder("hermes.replica.divergence.equal.windows", this, applier -> applier.status
                        .divergence()
                        .equalBelow())
                .description("Windows up to the last one in which all replicas answered the same")
                .register(meters);
        Gauge.builder(
                        "hermes.replica.divergence.alarm",
                        this,
                        applier -> applier.status.divergence().alarm().isEmpty() ? 0 : 1)
                .description("1 while replicas answer differently")
                .register(meters);
        Gauge.builder("hermes.replica.serving", this, applier -> applier.status.state() == ReplicaState.SERVING ? 1 : 0)
                .description("1 while the replica serves, 0 while it starts, replays or is halted")
                .register(meters);
    }

    private static void join(Thread thread) {
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

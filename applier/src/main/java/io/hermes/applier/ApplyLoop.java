package io.hermes.applier;

import io.hermes.log.LogLostException;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.LogTrimmedException;
import io.hermes.log.OrderedLog;
import io.hermes.log.Position;
import io.hermes.log.ReplyBus;
import io.hermes.proto.ReplicaState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one replica: reads the log in order into the present {@link History}, and begins another one whenever it can no longer
 * vouch for the app's state, because the app ended or a request is in doubt:
 *
 * <pre>
 * STARTING ──app listens──▶ REPLAYING ──reached the tail of then──▶ SERVING
 *     ▲                         │                                      │
 *     └──── app ended, request in doubt, log truncated ────────────────┘
 *           any of them ──only a person can help──▶ HALTED
 * </pre>
 *
 * <p>{@link #doWork} does a bounded amount of work and is called again and again by one thread.
 */
public final class ApplyLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApplyLoop.class);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);
    private static final long TAIL_WAIT_SECONDS = 10;

    private final OrderedLog log;
    private final AppHost host;
    private final App app;
    private final ApplierConfig config;
    private final Consumer<ReplicaStatus> onStatus;
    private final LongSupplier nanoClock;
    private final ReplyOutbox outbox;

    // All below is owned by the loop's thread.
    private ReplicaState state = ReplicaState.STARTING;
    private String reason = "";
    private History history;
    private @Nullable LogReader reader;
    private Position replayThrough = Position.START;
    private long incarnations;
    private Duration backoff = Duration.ZERO;
    private long notBeforeNanos;

    /**
     * Makes a loop in state STARTING.
     *
     * @param log read from its start
     * @param replies takes the answers
     * @param host begins incarnations of the app
     * @param app speaks with the present incarnation
     * @param config the bounds
     * @param onStatus told of each change of state and after each batch, on the loop's thread
     * @param nanoClock paces replies and pauses; decides nothing else
     */
    public ApplyLoop(
            OrderedLog log,
            ReplyBus replies,
            AppHost host,
            App app,
            ApplierConfig config,
            Consumer<ReplicaStatus> onStatus,
            LongSupplier nanoClock) {
        this.log = log;
        this.host = host;
        this.app = app;
        this.config = config;
        this.onStatus = onStatus;
        this.nanoClock = nanoClock;
        this.outbox = new ReplyOutbox(replies, config.replica(), config.incarnation());
        this.history = new History(app, outbox, config, nanoClock);
        this.notBeforeNanos = nanoClock.getAsLong();
    }

    /**
     * Goes one step on: begins an incarnation, or applies one batch.
     *
     * @return how much was done; 0 if there was nothing to do, then the caller pauses a little
     */
    public int doWork() {
        try {
            return switch (state) {
                case STARTING -> begin();
                case REPLAYING, SERVING -> applyBatch();
                case HALTED -> 0;
            };
        } catch (AppGoneException | AppInDoubtException | LogLostException e) {
            startOver(String.valueOf(e.getMessage()));
        } catch (LogTrimmedException e) {
            halt("the log no longer reaches back to its beginning, and this app has nothing else to start from: "
                    + e.getMessage());
        } catch (HaltException e) {
            halt(String.valueOf(e.getMessage()));
        }
        return 1;
    }

    /** Closes the reader; the app belongs to its host. */
    @Override
    public void close() {
        closeReader();
        app.close();
    }

    private int begin() throws AppGoneException {
        if (nanoClock.getAsLong() - notBeforeNanos < 0) {
            return 0;
        }
        host.begin();
        incarnations++;
        history = new History(app, outbox, config, nanoClock);
        tellStatus();
        app.awaitListening();
        Position tail = tail();
        if (tail == null) {
            startOver("the log does not say how long it is");
            return 0;
        }
        replayThrough = tail;
        outbox.muteThrough(tail.value());
        reader = log.openReader(Position.START);
        toState(ReplicaState.REPLAYING, "");
        toServingIfCaughtUp();
        return 1;
    }

    private int applyBatch() throws AppInDoubtException, AppGoneException, HaltException {
        if (!host.isAlive()) {
            throw new AppGoneException("the app's process ended");
        }
        LogReader current = reader;
        if (current == null) {
            throw new IllegalStateException("no reader in state " + state);
        }
        List<LogRecord> batch = current.read(config.batchBytesMax(), config.readWait());
        if (batch.isEmpty()) {
            return 1;
        }
        history.apply(batch);
        toServingIfCaughtUp();
        tellStatus();
        return batch.size();
    }

    private void toServingIfCaughtUp() {
        if (state == ReplicaState.REPLAYING && history.appliedThrough() >= replayThrough.value()) {
            backoff = Duration.ZERO;
            toState(ReplicaState.SERVING, "");
        }
    }

    private void startOver(String why) {
        closeReader();
        app.close();
        backoff = backoff.isZero() ? FIRST_BACKOFF : min(backoff.multipliedBy(2), BACKOFF_MAX);
        notBeforeNanos = nanoClock.getAsLong() + backoff.toNanos();
        toState(ReplicaState.STARTING, why);
    }

    private void halt(String why) {
        closeReader();
        toState(ReplicaState.HALTED, why);
    }

    private void toState(ReplicaState next, String why) {
        LOG.info("replica state={} before={} appliedThrough={} reason={}", next, state, history.appliedThrough(), why);
        state = next;
        reason = why;
        tellStatus();
    }

    private void tellStatus() {
        onStatus.accept(
                new ReplicaStatus(state, history.appliedThrough(), history.appliedRequests(), incarnations, reason));
    }

    private @Nullable Position tail() {
        try {
            return log.tail().get(TAIL_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void closeReader() {
        LogReader current = reader;
        reader = null;
        if (current != null) {
            current.close();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}

package io.hermes.applier;

import io.hermes.log.Inbox;
import io.hermes.log.LogBackend;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.log.ReplyBus;
import io.hermes.proto.Answer;
import io.hermes.proto.ReadBatch;
import io.hermes.proto.ReadCodec;
import io.hermes.proto.ReadOutcome;
import io.hermes.proto.ReadOutcome.Refused;
import io.hermes.proto.ReadReply;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.UndecodableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes reads that come past the log, over a connection to the app of its own, so that the apply loop never waits for them: each
 * as soon as the replica has applied as much as the read asks for, within the patience given with it.
 *
 * <p>An answer counts only if the replica served, in the same incarnation of the app, both before the read was sent and after it was
 * answered: an app that was started anew in between has not applied what the read relies on. The apply loop says that it no longer
 * serves before it starts an app.
 *
 * <p>{@link #doWork} does a bounded amount of work and is called again and again by one thread.
 */
public final class ReadLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadLoop.class);

    /** Reads waiting at once; more are refused. */
    private static final int WAITING_MAX = 8_192;
    /** Answers are gathered up to about this many bytes. */
    private static final int PIECE_BYTES_MAX = 256 * 1024;

    private static final long IDLE_NANOS = 50_000_000;
    private static final long CLOSE_SECONDS = 5;

    private final ReplyBus replies;
    private final App app;
    private final ApplierConfig config;
    private final LongSupplier nanoClock;
    private final Inbox inbox;
    private final Thread thread;

    // The link's thread puts reads in, this loop's takes them out.
    private final Queue<Waiting> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    // Written by the apply loop's thread.
    private volatile ReplicaStatus status = ReplicaStatus.NOTHING_YET;
    // Written by the loop's thread, so that the others know whether it has to be woken.
    private volatile boolean asleep;
    private volatile boolean stopped;

    // Owned by the loop's thread.
    private final List<Waiting> waiting = new ArrayList<>();
    private int idle;

    /** Reads that came together. */
    private record Waiting(ReadBatch batch, long deadlineNanos) {}

    /** One read on its way to the app, with where its reply goes. */
    private record Due(ReadBatch.Read read, String replyAddress) {}

    ReadLoop(
            ReplicaLink link, ReplyBus replies, ApplyLoop.ReadApps apps, ApplierConfig config, LongSupplier nanoClock) {
        this.replies = replies;
        this.app = apps.open(this::isServing);
        this.config = config;
        this.nanoClock = nanoClock;
        this.thread = new Thread(this::run, "applier-reads-0");
        this.inbox = link.listen(config.incarnation().value(), this::onReads);
    }

    /**
     * Makes a loop, if the replica is to take reads past the log.
     *
     * @param backend with the link that they come by
     * @param replica with the way to make connections to the app
     * @param config of the applier
     * @param nanoClock for patience
     * @return null if there is no link, or no way to the app
     */
    public static @Nullable ReadLoop of(
            LogBackend backend, ApplyLoop.Replica replica, ApplierConfig config, LongSupplier nanoClock) {
        ReplicaLink link = backend.link();
        ApplyLoop.ReadApps apps = replica.readApps();
        return link == null || apps == null ? null : new ReadLoop(link, backend.replies(), apps, config, nanoClock);
    }

    /**
     * Where reads are taken.
     *
     * @return for the bulletin
     */
    public String address() {
        return inbox.address().value();
    }

    /** Begins to execute reads on a thread of its own. */
    void start() {
        thread.start();
    }

    /**
     * Takes notice of how far the replica is. To be called by the apply loop before it has an app started, and after each batch.
     *
     * @param next how it stands
     */
    public void onStatus(ReplicaStatus next) {
        status = next;
        if (waitingCount.get() > 0) {
            wake();
        }
    }

    /** Listens no more; what still waits is dropped. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        inbox.close();
        app.stop();
        LockSupport.unpark(thread);
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Executes what may be executed now, and refuses what cannot be.
     *
     * @return how many reads were answered or refused
     */
    public int doWork() {
        for (Waiting next = arrived.poll(); next != null; next = arrived.poll()) {
            waiting.add(next);
        }
        if (waiting.isEmpty()) {
            return 0;
        }
        ReplicaStatus now = status;
        Replies out = new Replies(now.appliedThrough());
        List<Due> due = new ArrayList<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            Refused refused = refusal(next, now);
            if (refused == null && next.batch().minPosition() > now.appliedThrough()) {
                continue;
            }
            // Before anything else: what cannot be executed must not be met again.
            each.remove();
            waitingCount.addAndGet(-next.batch().reads().size());
            if (refused != null) {
                next.batch().reads().forEach(read -> out.add(next.batch().replyAddress(), read.number(), refused));
            } else {
                next.batch().reads().forEach(read -> addDue(read, next.batch().replyAddress(), now, due, out));
            }
        }
        execute(due, now, out);
        return out.send();
    }

    private @Nullable Refused refusal(Waiting next, ReplicaStatus now) {
        if (now.state() != ReplicaState.SERVING) {
            return Refused.NOT_SERVING;
        }
        boolean behind = next.batch().minPosition() > now.appliedThrough();
        return behind && nanoClock.getAsLong() - next.deadlineNanos() >= 0 ? Refused.BEHIND : null;
    }

    private static void addDue(
            ReadBatch.Read read, String replyAddress, ReplicaStatus now, List<Due> due, Replies out) {
        if (now.settings().routes().isReadOnly(read.request())) {
            due.add(new Due(read, replyAddress));
        } else {
            out.add(replyAddress, read.number(), Refused.NOT_READ_ONLY);
        }
    }

    private void execute(List<Due> due, ReplicaStatus before, Replies out) {
        if (due.isEmpty()) {
            return;
        }
        List<AppAnswer> answers = new ArrayList<>(due.size());
        try {
            app.expectThrough(before.executedThrough());
            app.apply(
                    due.stream().map(next -> AppCall.of(next.read().request())).toList(), new App.Answers() {
                        @Override
                        public void onAnswer(AppCall call, AppAnswer answer) {
                            answers.add(answer);
                        }

                        @Override
                        public void onPause() {
                            // The answers leave together.
                        }
                    });
        } catch (AppInDoubtException | AppGoneException e) {
            LOG.debug("reads without an answer count={} reason={}", due.size() - answers.size(), e.getMessage());
            app.close();
        }
        ReplicaStatus after = status;
        boolean same = after.state() == ReplicaState.SERVING && after.incarnations() == before.incarnations();
        for (int i = 0; i < due.size(); i++) {
            Due next = due.get(i);
            ReadOutcome outcome = i >= answers.size() ? Refused.NO_ANSWER : outcome(answers.get(i));
            out.add(next.replyAddress(), next.read().number(), same ? outcome : Refused.NOT_SERVING);
        }
        if (!same) {
            app.close();
        }
    }

    private static ReadOutcome outcome(AppAnswer given) {
        Answer answer = given.answer();
        return answer == null ? Refused.TOO_LONG : new ReadOutcome.Answered(answer);
    }

    /** On the link's thread. */
    private void onReads(byte[] bytes) {
        try {
            ReadBatch batch = ReadCodec.decode(bytes);
            var unusedButChecked = new ReplyAddress(batch.replyAddress());
            int count = batch.reads().size();
            if (waitingCount.addAndGet(count) > WAITING_MAX) {
                waitingCount.addAndGet(-count);
                Replies out = new Replies(status.appliedThrough());
                batch.reads().forEach(read -> out.add(batch.replyAddress(), read.number(), Refused.TOO_MANY));
                var unused = out.send();
                return;
            }
            arrived.add(
                    new Waiting(batch, nanoClock.getAsLong() + batch.patience().toNanos()));
            wake();
        } catch (UndecodableException | IllegalArgumentException e) {
            LOG.warn("passing over undecodable reads reason={}", e.getMessage());
        }
    }

    private boolean isServing() {
        return !stopped && status.state() == ReplicaState.SERVING;
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!stopped) {
            try {
                idle = doWork() == 0 ? idle + 1 : 0;
                // Whoever puts something in after this look sees that the loop is about to sleep.
                if (idle > 1) {
                    LockSupport.parkNanos(this, IDLE_NANOS);
                    asleep = false;
                    idle = 0;
                } else if (idle == 1) {
                    asleep = true;
                }
            } catch (RuntimeException | Error e) { // the loop's edge: a replica that serves is asked again and again
                LOG.error("reads: going on after a failure", e);
                app.close();
            }
        }
        app.close();
    }

    /** What leaves after one step, gathered by where it goes. */
    private final class Replies {
        private final long appliedThrough;
        private final Map<String, List<ReadReply>> pieces = new LinkedHashMap<>();
        private int bytes;
        private int count;

        Replies(long appliedThrough) {
            this.appliedThrough = appliedThrough;
        }

        void add(String replyAddress, long number, ReadOutcome outcome) {
            pieces.computeIfAbsent(replyAddress, any -> new ArrayList<>())
                    .add(new ReadReply(number, appliedThrough, outcome));
            bytes += outcome.match(answer -> answer.body().length, refused -> 0) + 200;
            count++;
            if (bytes > PIECE_BYTES_MAX) {
                flush();
            }
        }

        int send() {
            flush();
            return count;
        }

        private void flush() {
            pieces.forEach((address, reads) -> replies.reply(
                    new ReplyAddress(address),
                    ReplyCodec.encode(
                            new ReplyBatch(config.replica(), config.incarnation(), appliedThrough, List.of(), reads))));
            pieces.clear();
            bytes = 0;
        }
    }
}

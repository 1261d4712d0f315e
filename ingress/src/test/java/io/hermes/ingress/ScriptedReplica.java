package io.hermes.ingress;

import io.hermes.log.Inbox;
import io.hermes.log.LogReader;
import io.hermes.log.LogRecord;
import io.hermes.log.Position;
import io.hermes.log.ReplyAddress;
import io.hermes.log.memory.MemoryCluster;
import io.hermes.log.memory.MemoryLogBackend;
import io.hermes.proto.Answer;
import io.hermes.proto.AskAgainRecord;
import io.hermes.proto.CorrelationId;
import io.hermes.proto.Header;
import io.hermes.proto.Incarnation;
import io.hermes.proto.InquiryRecord;
import io.hermes.proto.KeepRecord;
import io.hermes.proto.LogContent;
import io.hermes.proto.Notice;
import io.hermes.proto.NoticeCodec;
import io.hermes.proto.ReadBatch;
import io.hermes.proto.ReadCodec;
import io.hermes.proto.ReadOutcome;
import io.hermes.proto.ReadReply;
import io.hermes.proto.RecordCodec;
import io.hermes.proto.ReplicaState;
import io.hermes.proto.Reply;
import io.hermes.proto.ReplyBatch;
import io.hermes.proto.ReplyCodec;
import io.hermes.proto.ReplyOutcome;
import io.hermes.proto.ReplyRoute;
import io.hermes.proto.RequestId;
import io.hermes.proto.RequestRecord;
import io.hermes.proto.Routes;
import io.hermes.proto.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A replica as an ingress sees one: applies each request once, answers what it is asked, announces itself. May be told to stay
 * silent.
 */
final class ScriptedReplica implements AutoCloseable {

    private final String name;
    private final Incarnation incarnation;
    private final MemoryLogBackend backend;
    private final Thread thread;
    private final Map<RequestId, Long> applied = new ConcurrentHashMap<>();
    private final List<LogContent> delivered = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile boolean paused;
    private volatile boolean seenPaused;
    private volatile boolean stopped;
    private volatile int repliesEach = 1;
    private volatile @Nullable ReplyOutcome outcome;
    private volatile long clockAheadMillis;
    private volatile Notice.Snapshots snapshots = Notice.Snapshots.NONE;
    private volatile Notice.Reads reads = Notice.Reads.NONE;
    private volatile ReadOutcome.@Nullable Refused refused;
    private volatile boolean silentToReads;
    private volatile boolean saysWhatItApplied;
    private volatile long appliedThrough;
    private final List<ReadBatch> readBatches = new CopyOnWriteArrayList<>();

    ScriptedReplica(MemoryCluster cluster, String name) {
        this.name = name;
        this.incarnation = new Incarnation(name + "-1");
        this.backend = new MemoryLogBackend(cluster);
        this.thread = new Thread(this::run, name);
        thread.start();
    }

    /** Takes reads past the log from now on. */
    void toReading(Routes routes) {
        Inbox inbox = backend.link().listen(incarnation.value(), this::onReads);
        reads = new Notice.Reads(inbox.address().value(), 1, routes);
    }

    /** Refuses reads past the log from now on; null takes them again. */
    void refuseReads(ReadOutcome.@Nullable Refused why) {
        refused = why;
    }

    /** Takes reads past the log, and says nothing. */
    void toSilentToReads() {
        silentToReads = true;
    }

    /** Says with a read how far it has applied, from now on; otherwise just as far as was asked for. */
    void toSayWhatItApplied() {
        saysWhatItApplied = true;
    }

    long appliedThrough() {
        return appliedThrough;
    }

    List<ReadBatch> readBatches() {
        return readBatches;
    }

    private void onReads(byte[] bytes) {
        try {
            ReadBatch batch = ReadCodec.decode(bytes);
            readBatches.add(batch);
            if (silentToReads) {
                return;
            }
            ReadOutcome.Refused why = refused;
            Answer answer = new Answer(
                    200, List.of(new Header("X-App", "yes")), ("read by " + name).getBytes(StandardCharsets.UTF_8));
            ReadOutcome outcome = why == null ? new ReadOutcome.Answered(answer) : why;
            long position = Math.max(batch.minPosition(), saysWhatItApplied ? appliedThrough : 0);
            List<ReadReply> replies = batch.reads().stream()
                    .map(read -> new ReadReply(read.number(), position, outcome))
                    .toList();
            backend.replies()
                    .reply(
                            new ReplyAddress(batch.replyAddress()),
                            ReplyCodec.encode(new ReplyBatch(name, incarnation, 0, List.of(), replies)));
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }

    /** Applies, but does not reply. */
    void toSilent() {
        silent = true;
    }

    /** Tells that it takes a snapshot; goes on, unlike a real one. */
    void toSnapshot(boolean underWay) {
        snapshots = new Notice.Snapshots(0, 0, 0, "", "", 0, underWay);
    }

    /** Neither applies nor replies. */
    void toPaused(boolean pause) {
        paused = pause;
        org.awaitility.Awaitility.await("the pause is noticed").until(() -> seenPaused == pause);
    }

    /** Replies so often to each request. */
    void replyTimes(int times) {
        repliesEach = times;
    }

    List<LogContent> delivered() {
        return delivered;
    }

    List<RequestRecord> requests() {
        return delivered.stream()
                .filter(RequestRecord.class::isInstance)
                .map(RequestRecord.class::cast)
                .toList();
    }

    List<AskAgainRecord> questions() {
        return delivered.stream()
                .filter(AskAgainRecord.class::isInstance)
                .map(AskAgainRecord.class::cast)
                .toList();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        backend.close();
    }

    private void run() {
        long through = 0;
        try (LogReader reader = backend.log().openReader(Position.START)) {
            while (!stopped) {
                seenPaused = paused;
                List<LogRecord> batch = seenPaused ? List.of() : reader.read(1 << 20, Duration.ofMillis(20));
                for (LogRecord record : batch) {
                    through = record.position().value();
                    deliver(record);
                }
                appliedThrough = through;
                Notice notice = new Notice.OfReplica(
                        name,
                        incarnation,
                        ReplicaState.SERVING,
                        through,
                        "",
                        1,
                        System.currentTimeMillis() + clockAheadMillis,
                        0,
                        reads,
                        snapshots,
                        Notice.Divergence.NONE);
                backend.bulletin().publish(notice.key(), NoticeCodec.encode(notice));
                if (seenPaused) {
                    Thread.onSpinWait();
                }
            }
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }

    private void deliver(LogRecord record) throws UndecodableException {
        LogContent content = RecordCodec.decode(record.bytes());
        delivered.add(content);
        long position = record.position().value();
        if (content instanceof RequestRecord request) {
            long first = applied.computeIfAbsent(request.identity().id(), id -> position);
            answer(
                    request.correlation(),
                    first,
                    position,
                    request.route(),
                    request.bodyBytes() == 0 ? "" : text(request));
        } else if (content instanceof InquiryRecord inquiry) {
            Long first = applied.get(inquiry.identity().id());
            answer(inquiry.identity().correlation(), first == null ? 0 : first, position, inquiry.route(), "");
        } else if (content instanceof AskAgainRecord question) {
            Long first = applied.get(question.identity().id());
            answer(question.identity().correlation(), first == null ? 0 : first, position, question.route(), "");
        }
    }

    private static String text(RequestRecord request) {
        return new String(request.request().body(), StandardCharsets.UTF_8);
    }

    /** From now on it says this and nothing else. */
    void tells(ReplyOutcome told) {
        outcome = told;
    }

    /** How far its clock is ahead of ours. */
    void clockAheadMillis(long millis) {
        clockAheadMillis = millis;
    }

    List<KeepRecord> keeps() {
        return delivered.stream()
                .filter(KeepRecord.class::isInstance)
                .map(KeepRecord.class::cast)
                .toList();
    }

    private void answer(CorrelationId id, long first, long through, ReplyRoute route, String body) {
        if (silent || !route.responder().equals(name)) {
            return;
        }
        byte[] text = ("done by " + name + " " + body).getBytes(StandardCharsets.UTF_8);
        ReplyOutcome said = outcome;
        Reply reply = new Reply(
                id,
                first,
                said != null
                        ? said
                        : new ReplyOutcome.Answered(new Answer(201, List.of(new Header("X-App", "yes")), text)));
        for (int i = 0; i < repliesEach; i++) {
            backend.replies()
                    .reply(
                            new ReplyAddress(route.address()),
                            ReplyCodec.encode(new ReplyBatch(name, incarnation, through, List.of(reply))));
        }
    }
}

package io.hermes.ingress;

import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyAddress;
import io.hermes.proto.Header;
import io.hermes.proto.ReadBatch;
import io.hermes.proto.ReadCodec;
import io.hermes.proto.ReadLevel;
import io.hermes.proto.ReadOutcome;
import io.hermes.proto.ReadReply;
import io.hermes.proto.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has reads executed by one replica each, past the log, once that has applied what their level asks for. A read changes nothing, so
 * one that was refused, or is answered by nobody for a while, is simply asked of the next replica; and one that waits for a barrier may be
 * sent ahead: if the replica had applied enough when its app began, which it tells, its answer counts. Any thread; nothing here waits.
 */
final class ReadCorrelator {

    /** Doublings of patience with one replica after the other. */
    private static final int DOUBLINGS_MAX = 4;
    /** Asked of so many replicas in vain, a read is not asked of the next one at once, and one that asked for a barrier is ordered. */
    private static final int ATTEMPTS_BEFORE_ORDER = 3;
    /** A barrier costs every process a wake-up, so it is worth a moment of a busy ingress to have it serve more reads. */
    private static final long GATHER_NANOS = 1_000_000;

    /** The link bounds what travels at once; reads are gathered up to about this many bytes, headers included. */
    private static final int PIECE_BYTES_MAX = 256 * 1024;

    private final ReplicaLink link;
    private final ReplicaRoster roster;
    private final Correlator correlator;
    private final Barriers barriers;
    private final ReadQueue queue;
    private final IngressMeters meters;
    private final ReplyAddress address;
    private final IngressConfig config;
    private final Clocks clocks;
    private final AnswerBursts bursts;
    private final ReadsAhead ahead = new ReadsAhead();
    private final RepeatBudget budget = new RepeatBudget();

    private final Map<Long, WaitingRead> waiting = new ConcurrentHashMap<>();
    // Jetty's threads take them, the inbox's and the loop's give them back.
    private final ByteBudget waitingBytes;
    private final AtomicLong numbers = new AtomicLong();

    ReadCorrelator(
            ReplicaLink link,
            Correlator.Collaborators with,
            Correlator correlator,
            ReplyAddress address,
            IngressConfig config,
            Clocks clocks,
            AnswerBursts bursts) {
        this.link = link;
        this.roster = with.roster();
        this.correlator = correlator;
        this.meters = with.meters();
        this.address = address;
        this.config = config;
        this.clocks = clocks;
        this.bursts = bursts;
        this.waitingBytes = new ByteBudget(config.pendingBytesMax());
        this.barriers = new Barriers(with.log(), with.gate(), config.incarnation(), clocks, new Barriers.Passed() {
            @Override
            public void onBegun(List<WaitingRead> reads) {
                sendAhead(reads);
            }

            @Override
            public Turn onPassed(List<WaitingRead> reads, long position) {
                return sendOrAnswer(reads, position);
            }
        });
        this.queue = new ReadQueue(this::sendInTurn, clocks.nano());
    }

    Barriers barriers() {
        return barriers;
    }

    int size() {
        return waiting.size();
    }

    /** Takes a read that is not to be ordered; its client is answered sooner or later. */
    void accept(Submission submission, ReadLevel level, Client client) {
        String refusal = level == ReadLevel.BARRIER ? correlator.whyClosed() : correlator.whyShut();
        if (refusal == null && waiting.size() >= config.pendingMax()) {
            refusal = "too many reads are waiting (ingress.pending-max)";
        }
        long bytes = submission.bytes();
        if (refusal == null && !waitingBytes.tryTake(bytes)) {
            refusal = "too many bytes of reads are waiting (ingress.pending-bytes-max)";
        }
        if (refusal != null) {
            client.problem(Problem.notRead(refusal));
            return;
        }
        long nowNanos = clocks.nano().getAsLong();
        WaitingRead read = new WaitingRead(
                numbers.incrementAndGet(),
                submission,
                level,
                client,
                nowNanos,
                nowNanos + config.requestTimeout().toNanos());
        waiting.put(read.number(), read);
        if (level == ReadLevel.BARRIER) {
            barriers.await(read);
        } else {
            queue.await(read);
        }
    }

    /** Takes what a replica says of a read. */
    void onReply(String replica, ReadReply reply) {
        WaitingRead read = waiting.get(reply.number());
        if (read == null) {
            meters.onStrayReply();
            return;
        }
        reply.outcome()
                .match(
                        answer -> {
                            onGiven(read, new WaitingRead.Given(answer, reply.position(), replica));
                            return null;
                        },
                        refused -> {
                            onRefused(read, replica, refused, reply.position());
                            return null;
                        });
    }

    /** Looks at every read once: patience with a replica, and with all of them, comes to an end. */
    void tick() {
        barriers.goOn();
        queue.sendIfPossible();
        budget.earn(numbers.get());
        long nowNanos = clocks.nano().getAsLong();
        for (WaitingRead read : waiting.values()) {
            if (nowNanos - read.deadlineNanos() >= 0) {
                giveUp(read);
            } else if (read.isSent() && nowNanos - read.sentNanos() >= patienceNanos(read) && budget.tryTake()) {
                meters.onReadAgain();
                sendAgain(read);
            }
        }
    }

    private void onGiven(WaitingRead read, WaitingRead.Given given) {
        switch (read.onGiven(given, waitingBytes)) {
            case WAIT -> {}
            case ANSWER -> answer(read, given);
            case SEND -> sendOnceMore(read);
        }
    }

    /** With its bound. Others of its turn come back likewise: they are sent together. */
    private void sendOnceMore(WaitingRead read) {
        read.leaveTurn();
        queue.await(read);
    }

    private void answer(WaitingRead read, WaitingRead.Given given) {
        if (remove(read)) {
            read.client().read(given.answer(), given.position(), given.replica(), read.level());
            meters.onRead(read.startedNanos(), clocks.nano().getAsLong());
        }
    }

    /** The barrier and the app work at the same time: whether that was of use is known when the barrier has its position. */
    private void sendAhead(List<WaitingRead> reads) {
        ReadsAhead.Try attempt = ahead.begin();
        ReplicaRoster.Reader reader = attempt == null ? null : roster.reader(Set.of());
        if (attempt == null || reader == null) {
            return;
        }
        List<WaitingRead> sent =
                reads.stream().filter(read -> read.toAhead(attempt)).toList();
        if (!sent.isEmpty()) {
            // At once, whatever it has applied.
            ask(reader, sent, 0);
        }
    }

    private Turn sendOrAnswer(List<WaitingRead> passed, long position) {
        // Some were given up, or refused for good, in the meantime.
        List<WaitingRead> reads = passed.stream().filter(read -> !read.isDone()).toList();
        Turn turn = begin(reads, GATHER_NANOS, barriers::goOn);
        List<WaitingRead> unsent = new ArrayList<>();
        List<WaitingRead> answered = new ArrayList<>();
        for (WaitingRead read : reads) {
            switch (read.toBounded(position)) {
                case WAIT -> {}
                case ANSWER -> answered.add(read);
                case SEND -> unsent.add(read);
            }
        }
        sendByBounds(unsent);
        if (!answered.isEmpty()) {
            bursts.around(() -> answered.forEach(this::answerWithHeld));
        }
        return turn;
    }

    private void answerWithHeld(WaitingRead read) {
        WaitingRead.Given given = read.held();
        if (given != null) {
            answer(read, given);
        }
    }

    private Turn sendInTurn(List<WaitingRead> reads) {
        Turn turn = begin(reads, 0, () -> queue.sendIfPossible());
        sendByBounds(reads);
        return turn;
    }

    /**
     * Each group waits for its own bound only: who asks for less is not held up. Some client may have seen more than this ingress, or says
     * so: its own bound counts for it alone.
     */
    private void sendByBounds(List<WaitingRead> reads) {
        reads.stream()
                .collect(Collectors.groupingBy(WaitingRead::minPosition, TreeMap::new, Collectors.toList()))
                .forEach((minPosition, group) -> send(group, minPosition));
    }

    private Turn begin(List<WaitingRead> reads, long gatherNanos, Runnable onOver) {
        Turn turn = new Turn(reads.size(), gatherNanos, clocks, onOver);
        reads.forEach(read -> read.toTurn(turn));
        return turn;
    }

    private void send(List<WaitingRead> reads, long minPosition) {
        WaitingRead first = reads.get(0);
        ReplicaRoster.Reader reader = reads.size() == 1 ? nextFor(first) : roster.reader(Set.of());
        if (reader == null) {
            // The next tick tries again; patience begins now.
            reads.forEach(read -> read.toSent("", clocks.nano().getAsLong()));
            return;
        }
        ask(reader, reads, minPosition);
    }

    private void ask(ReplicaRoster.Reader reader, List<WaitingRead> reads, long minPosition) {
        long nowNanos = clocks.nano().getAsLong();
        reads.forEach(read -> read.toSent(reader.replica(), nowNanos));
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < reads.size(); i++) {
            int next = bytes(reads.get(i).submission().request());
            if (i > from && bytes + next > PIECE_BYTES_MAX) {
                askPiece(reader, reads.subList(from, i), minPosition, nowNanos);
                from = i;
                bytes = 0;
            }
            bytes += next;
        }
        askPiece(reader, reads.subList(from, reads.size()), minPosition, nowNanos);
    }

    private static int bytes(Request request) {
        int bytes = request.target().length() + request.body().length;
        for (Header field : request.headers()) {
            bytes += field.name().length() + field.value().length();
        }
        return bytes;
    }

    private void askPiece(ReplicaRoster.Reader reader, List<WaitingRead> reads, long minPosition, long nowNanos) {
        ReadBatch batch = new ReadBatch(
                config.incarnation(),
                address.value(),
                minPosition,
                patience(reads.get(0), nowNanos),
                reads.stream()
                        .map(read -> new ReadBatch.Read(
                                read.number(), read.submission().request()))
                        .toList());
        link.ask(reader.address(), ReadCodec.encode(batch));
    }

    private ReplicaRoster.@Nullable Reader nextFor(WaitingRead read) {
        ReplicaRoster.Reader reader = roster.reader(read.tried());
        if (reader == null) {
            read.toUntried();
            reader = roster.reader(Set.of());
        }
        return reader;
    }

    /** How long the replica may wait until it has applied enough. */
    private Duration patience(WaitingRead read, long nowNanos) {
        return Duration.ofNanos(Math.max(
                1_000_000,
                Math.min(read.deadlineNanos() - nowNanos, config.readPatience().toNanos())));
    }

    private long patienceNanos(WaitingRead read) {
        return config.askAgainAfter().toNanos() << Math.min(read.attempts(), DOUBLINGS_MAX);
    }

    private void onRefused(WaitingRead read, String replica, ReadOutcome.Refused refused, long position) {
        switch (refused) {
            case NOT_READ_ONLY -> {
                // What the log says counts, and we have heard of it too late: order it like anything else.
                if (remove(read)) {
                    correlator.accept(read.submission(), false, read.client());
                }
            }
            case TOO_LONG -> onTooLong(read, position);
            case BEHIND -> {
                if (read.level() == ReadLevel.SESSION) {
                    read.toRefused(replica, "has not applied position " + read.minPosition() + " yet");
                    giveUp(read);
                } else {
                    tryNext(read, replica, "is behind");
                }
            }
            case NOT_SERVING -> tryNext(read, replica, "is being rebuilt");
            case TOO_MANY -> tryNext(read, replica, "has too many reads waiting");
            case NO_ANSWER -> tryNext(read, replica, "its app gave no answer");
        }
    }

    private void onTooLong(WaitingRead read, long position) {
        switch (read.onTooLong(position)) {
            case WAIT -> {}
            case SEND -> sendOnceMore(read);
            case ANSWER -> {
                if (remove(read)) {
                    read.client().problem(Problem.readTooLong(position));
                }
            }
        }
    }

    private void tryNext(WaitingRead read, String replica, String why) {
        read.toRefused(replica, why);
        if (read.toNotAhead()) {
            // Its barrier will have it sent.
            return;
        }
        if (read.attempts() < ATTEMPTS_BEFORE_ORDER && waiting.containsKey(read.number())) {
            send(List.of(read), read.minPosition());
        }
    }

    /** A read that asked for a barrier may as well be ordered: that is no less, and the log is there. */
    private void sendAgain(WaitingRead read) {
        if (read.level() == ReadLevel.BARRIER && read.attempts() >= ATTEMPTS_BEFORE_ORDER) {
            if (remove(read)) {
                correlator.accept(read.submission(), true, read.client());
            }
        } else {
            send(List.of(read), read.minPosition());
        }
    }

    private void giveUp(WaitingRead read) {
        if (remove(read)) {
            meters.onNotOrdered();
            String refusals = read.refusals();
            read.client()
                    .problem(Problem.notRead(
                            refusals.isEmpty()
                                    ? "no replica has answered in time (ingress.request-timeout)"
                                    : refusals));
        }
    }

    private boolean remove(WaitingRead read) {
        boolean removed = waiting.remove(read.number(), read);
        if (removed) {
            waitingBytes.give(read.bytes());
            read.toDone(waitingBytes);
            read.leaveTurn();
        }
        return removed;
    }
}

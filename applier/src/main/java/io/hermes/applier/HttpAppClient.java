package io.hermes.applier;

import io.hermes.proto.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks HTTP/1.1 with the app over one connection: as many requests as {@code pipelining} allows leave in one write, answers
 * are taken as they come. Reads while it writes, so that an app that answers before it has read everything cannot lock the
 * two up.
 *
 * <p>A connection that was idle for over a second is not used again: the app may be about to close it, and a request sent
 * into that close would be in doubt.
 *
 * <p>Owned by one thread at a time, here called the loop's; only {@link #stop} may be called from elsewhere.
 */
public final class HttpAppClient implements App {

    private static final Logger LOG = LoggerFactory.getLogger(HttpAppClient.class);

    private static final Duration IDLE_MAX = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    /** After a stop nothing is sent that would not have some of that patience left: the rest of a batch may be long. */
    private static final Duration STOP_SENDING_AFTER = Duration.ofSeconds(2);

    private static final Duration LOOK_AT_PROCESS = Duration.ofMillis(200);
    private static final int READ_BYTES = 64 * 1024;
    private static final int HEADER_BYTES_MAX = 64 * 1024;
    /** Requests beyond this wait for answers, so that one batch is never all in memory twice. */
    private static final int UNANSWERED_BYTES_MAX = 1 << 20;

    private final AppConfig config;
    private final BooleanSupplier alive;
    private final BooleanSupplier givenUp;
    private final LongSupplier nanoClock;
    private final RequestWriter writer;

    // Written by stop(), read by the loop's thread: it must be able to interrupt a wait without end.
    private volatile boolean stopped;

    // Written by the loop's thread, read by stop() to wake it up.
    private volatile @Nullable Connection connection;

    // All below is owned by the loop's thread.
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES).flip();
    private int pipelining;
    private long lastUsedNanos;
    private long answerDeadlineNanos;
    private long lastUnsafe;
    private long lastAnswered;
    private long stopNoticedNanos;

    private static final class Connection {
        final SocketChannel channel;
        final Selector selector;
        final SelectionKey key;
        final AnswerReader reader;

        Connection(SocketChannel channel, int bodyBytesMax) throws IOException {
            this.channel = channel;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            selector = Selector.open();
            key = channel.register(selector, SelectionKey.OP_READ);
            reader = new AnswerReader(HEADER_BYTES_MAX, bodyBytesMax);
        }

        void close() {
            closeQuietly(selector);
            closeQuietly(channel);
        }
    }

    /**
     * Makes a client; connects when it is first used.
     *
     * @param config where the app listens, and the bounds
     * @param alive whether the app's process still runs; asked while waiting
     * @param nanoClock for time-outs
     */
    public HttpAppClient(AppConfig config, BooleanSupplier alive, LongSupplier nanoClock) {
        this(config, alive, () -> false, nanoClock);
    }

    /**
     * Makes a client; connects when it is first used.
     *
     * @param config where the app listens, and the bounds
     * @param alive whether the app's process still runs; asked while waiting
     * @param givenUp whether nobody wants present answers any more; asked while waiting
     * @param nanoClock for time-outs
     */
    HttpAppClient(AppConfig config, BooleanSupplier alive, BooleanSupplier givenUp, LongSupplier nanoClock) {
        this.config = config;
        this.alive = alive;
        this.givenUp = givenUp;
        this.nanoClock = nanoClock;
        this.writer = new RequestWriter(config.host() + ":" + config.port());
        this.pipelining = config.pipelining();
    }

    @Override
    public void stop() {
        stopped = true;
        Connection current = connection;
        if (current != null) {
            current.selector.wakeup();
        }
    }

    @Override
    public void expectThrough(long position) {
        lastUnsafe = Math.max(lastUnsafe, position);
    }

    @Override
    public void awaitListening() throws AppGoneException {
        lastUnsafe = 0;
        connected();
    }

    @Override
    public long tellPosition() throws AppGoneException, HaltException {
        String told = ask(config.positionPath());
        if (!told.matches("[0-9]{1,18}")) {
            throw new HaltException("the app answers GET " + config.positionPath() + " with '"
                    + told.substring(0, Math.min(told.length(), 100))
                    + "', wanted the highest Hermes-Position that its state holds, as a number (app.position-path)");
        }
        // An app that somebody else starts anew later must not have less.
        lastUnsafe = Long.parseLong(told);
        return lastUnsafe;
    }

    /** The text of an answer with status 200; of any other, what it was. */
    private String ask(String target) throws AppGoneException {
        List<AppAnswer> told = new ArrayList<>();
        try {
            apply(List.of(AppCall.own(target)), new Answers() {
                @Override
                public void onAnswer(AppCall call, AppAnswer answer) {
                    told.add(answer);
                }

                @Override
                public void onPause() {
                    // Nothing else is to do meanwhile.
                }
            });
        } catch (AppInDoubtException e) {
            throw new AppGoneException("the app does not answer GET " + target + ": " + e.getMessage());
        }
        Answer answer = told.isEmpty() ? null : told.get(0).answer();
        if (answer == null) {
            return "";
        }
        return answer.status() == 200
                ? new String(answer.body(), StandardCharsets.ISO_8859_1).strip()
                : "status " + answer.status();
    }

    /** An app that somebody else runs may have begun anew, with less than it had. */
    private void checkPosition() throws AppGoneException {
        long wanted = lastUnsafe;
        if (!config.isAttached() || config.kind() != AppKind.POSITION_AWARE || wanted == 0) {
            return;
        }
        lastUnsafe = 0;
        try {
            long told = tellPosition();
            if (told < wanted) {
                throw new AppGoneException(
                        "the app has executed position " + wanted + " and now tells " + told + ": it has begun anew");
            }
        } catch (HaltException e) {
            throw new AppGoneException(String.valueOf(e.getMessage()));
        }
        lastUnsafe = Math.max(lastUnsafe, wanted);
    }

    @Override
    public void apply(List<AppCall> calls, Answers answers) throws AppInDoubtException, AppGoneException {
        Deque<AppCall> waiting = new ArrayDeque<>(calls);
        Deque<AppCall> sent = new ArrayDeque<>();
        while (!waiting.isEmpty()) {
            requireMaySend();
            Connection current = connected();
            try {
                if (isQuiet(current)) {
                    exchange(current, waiting, sent, answers);
                } else {
                    close();
                }
            } catch (IOException e) {
                close();
                if (!sent.isEmpty()) {
                    throw inDoubt(sent, "the connection broke: " + e.getMessage());
                }
            }
            lastUsedNanos = nanoClock.getAsLong();
        }
    }

    @Override
    public void close() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
        in.clear().flip();
    }

    /** Sends and receives until all is answered, or until the app closes the connection after an answer. */
    private void exchange(Connection current, Deque<AppCall> waiting, Deque<AppCall> sent, Answers answers)
            throws IOException, AppInDoubtException, AppGoneException {
        ByteBuffer out = ByteBuffer.allocate(0);
        while (!waiting.isEmpty() || !sent.isEmpty()) {
            if (!out.hasRemaining() && sent.isEmpty() && !waiting.isEmpty()) {
                requireMaySend();
                out = nextWindow(waiting, sent);
                answerDeadlineNanos = nanoClock.getAsLong() + config.timeout().toNanos();
                current.reader.expect(sent.getFirst().record().request().method());
            }
            if (out.hasRemaining()) {
                current.channel.write(out);
            }
            Boolean persistent = receive(current, sent, answers, out.hasRemaining());
            if (sent.isEmpty() && out.hasRemaining()) {
                // Answered before it was read to its end: what follows on this connection would be taken for the rest.
                close();
                return;
            }
            if (persistent != null && !persistent) {
                close();
                if (!sent.isEmpty()) {
                    throw closedBetween(sent);
                }
                return;
            }
        }
    }

    private ByteBuffer nextWindow(Deque<AppCall> waiting, Deque<AppCall> sent) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        do {
            AppCall call = waiting.removeFirst();
            writer.write(call, bytes);
            sent.addLast(call);
        } while (!waiting.isEmpty() && sent.size() < pipelining && bytes.size() < UNANSWERED_BYTES_MAX);
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /**
     * Takes what is there, waiting for it if need be.
     *
     * @return whether the connection may be used on, or null if no answer was completed
     */
    private @Nullable Boolean receive(Connection current, Deque<AppCall> sent, Answers answers, boolean moreToWrite)
            throws IOException, AppInDoubtException, AppGoneException {
        if (!in.hasRemaining()) {
            in.clear();
            int count = current.channel.read(in);
            in.flip();
            if (count == 0) {
                if (current.reader.isInside()) {
                    // An app that sends an answer in two pieces may wait for the first one's acknowledgement
                    // (Nagle), which our side would otherwise delay by 40 ms: so acknowledge at once.
                    current.channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
                }
                answers.onPause();
                awaitReady(current, sent, moreToWrite);
                return null;
            }
            if (count < 0) {
                return receiveEnd(current, sent, answers);
            }
        }
        Boolean persistent = null;
        while (in.hasRemaining() && !sent.isEmpty()) {
            AnswerReader.Progress progress = current.reader.read(in);
            if (progress == AnswerReader.Progress.MALFORMED) {
                close();
                throw inDoubt(sent, "the app's answer is not HTTP: " + current.reader.problem());
            }
            if (progress == AnswerReader.Progress.COMPLETE) {
                persistent = current.reader.isPersistent();
                answer(sent.removeFirst(), current, answers);
                if (!persistent) {
                    return false;
                }
                answerDeadlineNanos = nanoClock.getAsLong() + config.timeout().toNanos();
                if (!sent.isEmpty()) {
                    current.reader.expect(sent.getFirst().record().request().method());
                }
            }
        }
        if (in.hasRemaining()) {
            throw surplus();
        }
        return persistent;
    }

    /** Whether nothing came that nobody asked for; an app that has closed the connection meanwhile is connected to anew. */
    private boolean isQuiet(Connection current) throws IOException, AppInDoubtException {
        in.clear();
        int count = current.channel.read(in);
        in.flip();
        if (count > 0) {
            throw surplus();
        }
        return count == 0;
    }

    private AppInDoubtException surplus() {
        close();
        return new AppInDoubtException(
                "the app sent more than one answer to the request at position " + lastAnswered
                        + " (or a body with its answer to HEAD)",
                lastAnswered,
                lastAnswered);
    }

    private Boolean receiveEnd(Connection current, Deque<AppCall> sent, Answers answers) throws AppInDoubtException {
        if (sent.isEmpty()) {
            return false;
        }
        if (current.reader.readEnd() == AnswerReader.Progress.COMPLETE) {
            answer(sent.removeFirst(), current, answers);
            return false;
        }
        close();
        throw inDoubt(sent, "the app closed the connection without an answer");
    }

    private void answer(AppCall call, Connection current, Answers answers) {
        if (call.isUnsafe()) {
            lastUnsafe = call.position();
        }
        lastAnswered = call.position();
        answers.onAnswer(call, current.reader.take());
    }

    private void awaitReady(Connection current, Deque<AppCall> sent, boolean moreToWrite)
            throws IOException, AppInDoubtException, AppGoneException {
        current.key.interestOps(moreToWrite ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        do {
            if (stopped && isPatienceOver(sent)) {
                throw inDoubt(sent, "stopping");
            }
            if (givenUp.getAsBoolean()) {
                close();
                throw inDoubt(sent, "no answer soon after another request was in doubt", true);
            }
            // Also after a part of an answer: an app that trickles for ever must not hold the replica up.
            if (nanoClock.getAsLong() - answerDeadlineNanos >= 0) {
                close();
                throw inDoubt(sent, "no answer within " + config.timeout().toMillis() + " ms (app.timeout)", true);
            }
        } while (current.selector.select(LOOK_AT_PROCESS.toMillis()) == 0);
        current.selector.selectedKeys().clear();
    }

    private Connection connected() throws AppGoneException {
        Connection current = connection;
        if (current != null && nanoClock.getAsLong() - lastUsedNanos <= IDLE_MAX.toNanos()) {
            return current;
        }
        close();
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                current = open();
                checkPosition();
                // An app that closes each connection after one answer has closed this one after telling its position.
                return connection == null ? open() : current;
            } catch (IOException e) {
                if (attempt % 20 == 0) {
                    LOG.info(
                            "app does not accept connections yet, waiting address={}:{} attempt={} reason={}",
                            config.host(),
                            config.port(),
                            attempt,
                            e.getMessage());
                }
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(config.backoffMax()) < 0
                    ? pause.multipliedBy(2)
                    : config.backoffMax();
        }
    }

    private Connection open() throws IOException {
        // Resolved each time: a container that was started anew may have another address.
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new IOException("unknown host " + config.host());
        }
        Connection opened = new Connection(SocketChannel.open(address), config.answerBytesMax());
        connection = opened;
        lastUsedNanos = nanoClock.getAsLong();
        return opened;
    }

    private void pause(Duration duration) throws AppGoneException {
        long endNanos = nanoClock.getAsLong() + duration.toNanos();
        do {
            if (stopped || givenUp.getAsBoolean()) {
                throw new AppGoneException("stopping");
            }
            if (!alive.getAsBoolean()) {
                throw new AppGoneException("the app's process ended before it accepted a connection");
            }
            long leftMillis = Math.max(1, (endNanos - nanoClock.getAsLong()) / 1_000_000);
            try {
                Thread.sleep(Math.min(leftMillis, LOOK_AT_PROCESS.toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AppGoneException("interrupted");
            }
        } while (nanoClock.getAsLong() - endNanos < 0);
    }

    private AppInDoubtException closedBetween(Deque<AppCall> sent) {
        if (pipelining > 1) {
            LOG.warn("app closed a connection with requests in it: pipelining is off from now on");
            pipelining = 1;
        }
        return inDoubt(sent, "the app closed the connection between pipelined requests");
    }

    /** What was sent before the stop gets some time to be answered: a request in doubt costs more than that. */
    private boolean isPatienceOver(Deque<AppCall> sent) throws AppGoneException {
        if (sent.isEmpty()) {
            throw new AppGoneException("stopping");
        }
        return sinceStopNanos() > STOP_PATIENCE.toNanos();
    }

    private void requireMaySend() throws AppGoneException {
        if (stopped && sinceStopNanos() > STOP_SENDING_AFTER.toNanos()) {
            throw new AppGoneException("stopping");
        }
    }

    private long sinceStopNanos() {
        if (stopNoticedNanos == 0) {
            stopNoticedNanos = nanoClock.getAsLong();
        }
        return nanoClock.getAsLong() - stopNoticedNanos;
    }

    private static AppInDoubtException inDoubt(Deque<AppCall> sent, String what) {
        return inDoubt(sent, what, false);
    }

    private static AppInDoubtException inDoubt(Deque<AppCall> sent, String what, boolean mayStillRun) {
        AppCall first = sent.peekFirst();
        return new AppInDoubtException(
                what
                        + (first == null
                                ? ""
                                : ", position " + first.position() + ", request "
                                        + first.record().identity().id().text()),
                first == null ? 0 : first.position(),
                first == null ? 0 : sent.peekLast().position(),
                mayStillRun);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.debug("close failed", e);
        }
    }
}

package io.hermes.log.bookkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hermes.log.LogUnavailableException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Forwards appends to the sequencer of one epoch. */
final class SequencerConnection implements AppendRoutes.Route, AutoCloseable {

    private final long epoch;
    private final LongSupplier nanoClock;
    private final Runnable onBroken;
    private final Map<Long, Append> outstanding = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final CompletableFuture<Boolean> welcome = new CompletableFuture<>();
    private @Nullable Channel channel;
    private @Nullable FrameQueue queue;
    // Volatile: written by the connection's thread, read by whoever appends and by the loop.
    private volatile boolean broken;
    private volatile boolean cut;
    private volatile long lastHeardNanos;
    private volatile long lastAnswerNanos;

    private SequencerConnection(long epoch, LongSupplier nanoClock, Runnable onBroken) {
        this.epoch = epoch;
        this.nanoClock = nanoClock;
        this.onBroken = onBroken;
        this.lastHeardNanos = nanoClock.getAsLong();
        this.lastAnswerNanos = lastHeardNanos;
    }

    /**
     * Connects to whom the list names.
     *
     * @param list names sequencer and epoch
     * @param onBroken told once, on the connection's thread, when it is over
     * @return null if that process is not, or not yet, the sequencer of this epoch
     * @throws LogUnavailableException if it does not answer in time
     */
    static @Nullable SequencerConnection open(
            EventLoopGroup threads,
            BookKeeperConfig config,
            LedgerList list,
            LongSupplier nanoClock,
            Duration max,
            Runnable onBroken) {
        SequencerConnection connection = new SequencerConnection(list.epoch(), nanoClock, onBroken);
        int colon = list.sequencer().lastIndexOf(':');
        InetSocketAddress address = new InetSocketAddress(
                list.sequencer().substring(0, colon),
                Integer.parseInt(list.sequencer(), colon + 1, list.sequencer().length(), 10));
        ChannelFuture connecting = new Bootstrap()
                .group(threads)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(max.toMillis()))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        socket.pipeline().addLast(Frame.decoder(config.recordBytesMax()), connection.new Handler());
                    }
                })
                .connect(address);
        connection.channel = connecting.channel();
        FrameQueue frames = new FrameQueue(connecting.channel());
        connection.queue = frames;
        var unused = connecting.addListener(done -> {
            if (done.isSuccess()) {
                frames.add(Frame.of(Frame.HELLO, list.epoch(), list.identity().getBytes(UTF_8)));
            } else {
                connection.welcome.completeExceptionally(done.cause());
            }
        });
        boolean welcomed = false;
        try {
            welcomed = BookKeeperFailures.await("the sequencer at " + list.sequencer(), connection.welcome, max);
        } finally {
            if (!welcomed) {
                connection.close();
            }
        }
        return welcomed ? connection : null;
    }

    long epoch() {
        return epoch;
    }

    @Override
    public boolean append(Append append) {
        long number = numbers.incrementAndGet();
        if (outstanding.isEmpty()) {
            lastAnswerNanos = nanoClock.getAsLong();
        }
        outstanding.put(number, append);
        FrameQueue frames = queue;
        if ((broken || frames == null) && outstanding.remove(number) != null) {
            return false;
        }
        if (frames != null) {
            frames.add(Frame.of(Frame.APPEND, number, append.record()));
        }
        return true;
    }

    void ping() {
        FrameQueue frames = queue;
        if (frames != null && !broken) {
            frames.add(Frame.of(Frame.PING, 0));
        }
    }

    boolean isBroken() {
        return broken;
    }

    /** Whether the other end closed it, rather than this one. */
    boolean wasCut() {
        return cut;
    }

    /** This process was asleep: what it has not heard says nothing. */
    void forgiveSilence() {
        lastHeardNanos = nanoClock.getAsLong();
        lastAnswerNanos = lastHeardNanos;
    }

    /** How long the sequencer has not been heard, in nanoseconds. */
    long silentNanos() {
        return nanoClock.getAsLong() - lastHeardNanos;
    }

    /** How long no append has been answered although some should be, in nanoseconds. */
    long stalledNanos() {
        return outstanding.isEmpty() ? 0 : nanoClock.getAsLong() - lastAnswerNanos;
    }

    /** Appends that were not answered end as unknown. */
    @Override
    public void close() {
        onEnd("the connection to the sequencer was closed");
        Channel present = channel;
        if (present != null) {
            var unused = present.close();
        }
    }

    private void onEnd(String reason) {
        broken = true;
        welcome.complete(false);
        List<Long> left = new ArrayList<>(outstanding.keySet());
        for (Long number : left) {
            Append append = outstanding.remove(number);
            if (append != null) {
                append.onUnknown(reason);
            }
        }
    }

    private final class Handler extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            Frame frame = Frame.read(bytes);
            lastHeardNanos = nanoClock.getAsLong();
            switch (frame.kind()) {
                case Frame.WELCOME -> welcome.complete(true);
                case Frame.NOT_SEQUENCER -> welcome.complete(false);
                case Frame.PONG -> {
                    // That it was heard is all.
                }
                case Frame.APPENDED, Frame.NOT_WRITTEN, Frame.UNKNOWN -> onAnswer(frame);
                default -> throw new IllegalArgumentException("a frame of kind " + frame.kind());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cut |= !broken;
            onEnd("the connection to the sequencer broke");
            onBroken.run();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable e) {
            var unused = context.close();
        }

        private void onAnswer(Frame frame) {
            lastAnswerNanos = lastHeardNanos;
            Append append = outstanding.remove(frame.number());
            if (append == null) {
                return;
            }
            switch (frame.kind()) {
                case Frame.APPENDED -> append.onAppended(frame.position());
                case Frame.NOT_WRITTEN -> append.onNotWritten(new String(frame.payload(), UTF_8));
                default -> append.onUnknown(new String(frame.payload(), UTF_8));
            }
        }
    }
}

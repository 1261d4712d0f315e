package io.hermes.log.bookkeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hermes.log.LogRefusedException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the appends of other processes while this one is the sequencer. */
final class SequencerServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SequencerServer.class);
    private static final long CLOSED_WITHIN_SECONDS = 2;

    private final EventLoopGroup threads;
    private final BookKeeperConfig config;
    private final String logIdentity;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable Channel listening;
    // Written by the loop's thread, read by the connections'.
    private volatile @Nullable Serving serving;

    private record Serving(long epoch, GroupCommit commit) {}

    SequencerServer(EventLoopGroup threads, BookKeeperConfig config, String logIdentity) {
        this.threads = threads;
        this.config = config;
        this.logIdentity = logIdentity;
    }

    /**
     * Listens.
     *
     * @return where other processes reach this one
     * @throws LogRefusedException if the address is taken
     */
    String start() {
        BookKeeperConfig.SequencerConfig at = config.sequencer();
        try {
            Channel channel = new ServerBootstrap()
                    .group(threads)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel connection) {
                            connection
                                    .pipeline()
                                    .addLast(Frame.decoder(config.recordBytesMax()), new Connection(connection));
                        }
                    })
                    .bind(new InetSocketAddress(at.listen(), at.port()))
                    .syncUninterruptibly()
                    .channel();
            listening = channel;
            return at.host() + ":" + ((InetSocketAddress) channel.localAddress()).getPort();
        } catch (RuntimeException e) {
            throw new LogRefusedException(
                    "cannot listen for appends on " + at.listen() + ":" + at.port() + ": " + e.getMessage(), e);
        } catch (Exception e) { // Netty throws checked exceptions without declaring them
            throw new LogRefusedException(
                    "cannot listen for appends on " + at.listen() + ":" + at.port() + ": " + e.getMessage(), e);
        }
    }

    /** This process is the sequencer. */
    void serve(long epoch, GroupCommit commit) {
        serving = new Serving(epoch, commit);
    }

    /** This process is the sequencer no longer. */
    void stopServing() {
        serving = null;
        var unused = connections.close();
    }

    @Override
    public void close() {
        serving = null;
        Channel channel = listening;
        if (channel != null) {
            channel.close().awaitUninterruptibly(CLOSED_WITHIN_SECONDS, TimeUnit.SECONDS);
        }
        connections.close().awaitUninterruptibly(CLOSED_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    /** One other process. */
    private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {

        private final FrameQueue queue;
        private @Nullable Serving welcomed;

        Connection(Channel channel) {
            this.queue = new FrameQueue(channel);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connections.add(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            Frame frame = Frame.read(bytes);
            switch (frame.kind()) {
                case Frame.HELLO -> onHello(frame);
                case Frame.APPEND -> onAppend(frame);
                case Frame.PING -> queue.add(Frame.of(Frame.PONG, frame.number()));
                default -> throw new IllegalArgumentException("a frame of kind " + frame.kind());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable e) {
            LOG.debug("a connection for appends ended from={} reason={}", context.channel(), e.toString());
            var unused = context.close();
        }

        private void onHello(Frame hello) {
            Serving present = serving;
            boolean same = present != null
                    && present.epoch() == hello.number()
                    && logIdentity.equals(new String(hello.payload(), UTF_8));
            welcomed = same ? present : null;
            queue.add(Frame.of(same ? Frame.WELCOME : Frame.NOT_SEQUENCER, hello.number()));
        }

        private void onAppend(Frame frame) {
            Forwarded append = new Forwarded(queue, frame.number(), frame.payload());
            Serving present = welcomed;
            if (frame.payload().length > config.recordBytesMax()) {
                throw new IllegalArgumentException("a record of " + frame.payload().length + " bytes");
            }
            if (present == null || !present.commit().append(append)) {
                append.onNotWritten("not the sequencer");
            }
        }
    }

    /** An append of another process. */
    @SuppressWarnings("ArrayRecordComponent") // records are moved, never compared
    private record Forwarded(FrameQueue queue, long number, byte[] record) implements Append {

        @Override
        public void onAppended(long position) {
            queue.add(Frame.appended(number, position));
        }

        @Override
        public void onUnknown(String reason) {
            queue.add(Frame.of(Frame.UNKNOWN, number, bytes(reason)));
        }

        @Override
        public void onNotWritten(String reason) {
            queue.add(Frame.of(Frame.NOT_WRITTEN, number, bytes(reason)));
        }

        private static byte[] bytes(String reason) {
            return reason.substring(0, Math.min(1000, reason.length())).getBytes(UTF_8);
        }
    }
}

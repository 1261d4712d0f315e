package io.hermes.log.bookkeeper;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Frames on their way into one connection: whatever gathers while the connection's thread is busy leaves in one write. */
final class FrameQueue {

    private static final int WRITE_BYTES = 256 * 1024;

    private final Channel channel;
    private final ConcurrentLinkedQueue<Frame> frames = new ConcurrentLinkedQueue<>();
    // Atomic: any thread adds, the connection's thread drains.
    private final AtomicBoolean scheduled = new AtomicBoolean();

    FrameQueue(Channel channel) {
        this.channel = channel;
    }

    void add(Frame frame) {
        frames.add(frame);
        if (scheduled.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
    }

    private void drain() {
        scheduled.set(false);
        Frame frame = frames.poll();
        while (frame != null) {
            ByteBuf bytes = channel.alloc().buffer(Math.max(4096, frame.bytes()));
            while (frame != null && bytes.readableBytes() < WRITE_BYTES) {
                frame.writeTo(bytes);
                frame = frames.poll();
            }
            var unused = channel.write(bytes, channel.voidPromise());
        }
        channel.flush();
    }
}

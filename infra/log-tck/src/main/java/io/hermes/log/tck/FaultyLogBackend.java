package io.hermes.log.tck;

import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplicaLink;
import io.hermes.log.ReplyBus;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Breaks one promise of a backend that keeps them all, so that the suite can be seen to notice. */
public final class FaultyLogBackend implements LogBackend {

    private final LogBackend sound;
    private final OrderedLog log;
    private final ReplyBus replies;
    private final Bulletin bulletin;

    /**
     * Wraps a backend, so that a fault of its log strikes every record: for logs whose records are not those of the contract
     * suite. Each backend remembers for itself, so that faults which need several of them need {@link #of} instead.
     *
     * @param sound keeps all promises; closed with this one
     * @param fault what goes wrong
     * @param readers counts the readers of all backends of one log
     */
    public FaultyLogBackend(LogBackend sound, Fault fault, AtomicInteger readers) {
        this(
                sound,
                new FaultyOrderedLog(sound.log(), fault, new FaultTable(record -> true, readers)),
                sound.replies(),
                sound.bulletin());
    }

    private FaultyLogBackend(LogBackend sound, OrderedLog log, ReplyBus replies, Bulletin bulletin) {
        this.sound = sound;
        this.log = log;
        this.replies = replies;
        this.bulletin = bulletin;
    }

    /**
     * Wraps a backend, so that its log is at fault.
     *
     * @param sound keeps all promises; closed with the new one
     * @param fault what goes wrong
     * @param table shared by all backends of one log
     * @return a new one
     */
    public static FaultyLogBackend of(LogBackend sound, Fault fault, FaultTable table) {
        OrderedLog log = new FaultyOrderedLog(sound.log(), fault, table);
        return new FaultyLogBackend(sound, log, sound.replies(), sound.bulletin());
    }

    /**
     * Wraps a backend, so that its reply bus is at fault.
     *
     * @param sound keeps all promises; closed with the new one
     * @param fault what goes wrong
     * @param table shared by all backends of one log
     * @return a new one
     */
    public static FaultyLogBackend of(LogBackend sound, ReplyFault fault, FaultTable table) {
        ReplyBus replies = new FaultyReplyBus(sound.replies(), fault, table);
        return new FaultyLogBackend(sound, sound.log(), replies, sound.bulletin());
    }

    /**
     * Wraps a backend, so that its board is at fault.
     *
     * @param sound keeps all promises; closed with the new one
     * @param fault what goes wrong
     * @param table shared by all backends of one log
     * @return a new one
     */
    public static FaultyLogBackend of(LogBackend sound, BulletinFault fault, FaultTable table) {
        Bulletin bulletin = new FaultyBulletin(sound.bulletin(), fault, table);
        return new FaultyLogBackend(sound, sound.log(), sound.replies(), bulletin);
    }

    /**
     * The backend that keeps its promises.
     *
     * @return for the fixture that has to crash it
     */
    public LogBackend sound() {
        return sound;
    }

    @Override
    public OrderedLog log() {
        return log;
    }

    @Override
    public ReplyBus replies() {
        return replies;
    }

    @Override
    public Bulletin bulletin() {
        return bulletin;
    }

    @Override
    public @Nullable ReplicaLink link() {
        return sound.link();
    }

    @Override
    public void close() {
        sound.close();
    }
}

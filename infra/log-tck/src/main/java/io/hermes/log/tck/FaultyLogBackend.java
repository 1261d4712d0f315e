package io.hermes.log.tck;

import io.hermes.log.Bulletin;
import io.hermes.log.LogBackend;
import io.hermes.log.OrderedLog;
import io.hermes.log.ReplyBus;

/** Breaks one promise of a log that keeps them all, so that the suite can be seen to notice. */
public final class FaultyLogBackend implements LogBackend {

    private final LogBackend sound;
    private final OrderedLog log;

    /**
     * Wraps a backend.
     *
     * @param sound keeps all promises; closed with this one
     * @param fault what goes wrong
     * @param table shared by all backends of one log
     */
    public FaultyLogBackend(LogBackend sound, Fault fault, FaultTable table) {
        this.sound = sound;
        this.log = new FaultyOrderedLog(sound.log(), fault, table);
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
        return sound.replies();
    }

    @Override
    public Bulletin bulletin() {
        return sound.bulletin();
    }

    @Override
    public void close() {
        sound.close();
    }
}

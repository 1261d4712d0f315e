package io.hermes.log.memory;

import io.hermes.log.LogBackend;
import io.hermes.log.tck.FaultTable;
import io.hermes.log.tck.FaultyLogBackend;
import io.hermes.log.tck.LogFixture;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** The log in memory with something broken in it. */
final class FaultyFixture implements LogFixture {

    private final MemoryFixture sound = new MemoryFixture();
    private final Map<String, FaultTable> tables = new ConcurrentHashMap<>();
    private final BiFunction<LogBackend, FaultTable, FaultyLogBackend> breaking;

    FaultyFixture(BiFunction<LogBackend, FaultTable, FaultyLogBackend> breaking) {
        this.breaking = breaking;
    }

    @Override
    public LogBackend open(String logName) {
        return breaking.apply(sound.open(logName), tables.computeIfAbsent(logName, name -> new FaultTable()));
    }

    @Override
    public void crash(LogBackend backend) {
        sound.crash(backend instanceof FaultyLogBackend faulty ? faulty.sound() : backend);
    }

    @Override
    public void restartBrokers() {
        tables.values().forEach(FaultTable::onRestart);
        sound.restartBrokers();
    }

    @Override
    public void replaceWriter(LogBackend present, LogBackend next) {
        tables.values().forEach(FaultTable::onReplaced);
    }

    /** Short, since waiting for what is lost costs all of it; long against a pause of the virtual machine. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void close() {
        sound.close();
    }
}

package io.hermes.log.memory;

import io.hermes.log.LogBackend;
import io.hermes.log.tck.LogFixture;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The log in memory, for the contract suite. */
final class MemoryFixture implements LogFixture {

    private final Map<String, MemoryCluster> clusters = new ConcurrentHashMap<>();
    private final Map<String, String> skips;

    MemoryFixture() {
        this(Map.of());
    }

    MemoryFixture(Map<String, String> skips) {
        this.skips = skips;
    }

    @Override
    public LogBackend open(String logName) {
        return new MemoryLogBackend(clusters.computeIfAbsent(logName, name -> MemoryCluster.atOnce()));
    }

    @Override
    public void crash(LogBackend backend) {
        if (backend instanceof MemoryLogBackend memory) {
            memory.crash();
        } else {
            backend.close();
        }
    }

    @Override
    public void restartBrokers() {
        // What is in memory survives as long as the test: there is nothing to restart.
    }

    @Override
    public Map<String, String> skips() {
        return skips;
    }

    @Override
    public void close() {
        clusters.clear();
    }
}

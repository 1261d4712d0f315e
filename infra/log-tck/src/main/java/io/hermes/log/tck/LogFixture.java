package io.hermes.log.tck;

import io.hermes.log.LogBackend;
import java.time.Duration;
import java.util.Map;

/** What a backend supplies to be tested. Backends that it opened and nobody closed are closed with it. */
public interface LogFixture extends AutoCloseable {

    /**
     * Connects one more process to a log.
     *
     * @param logName the same name is the same log; one never used before is a fresh one
     * @return to be closed by the caller
     */
    LogBackend open(String logName);

    /**
     * Ends a process without letting it finish anything.
     *
     * @param backend one that {@link #open} returned
     */
    void crash(LogBackend backend);

    /**
     * Stops all brokers and starts them again, with what they hold on disk.
     *
     * @throws org.opentest4j.TestAbortedException where that cannot be had; the tests that need it are skipped
     */
    void restartBrokers();

    /**
     * Makes another process the one that all appends go through, as if the present one had been silent too long; the present
     * one goes on and is not told. Does nothing where each process appends for itself.
     *
     * @param present an open backend
     * @param next another one of the same log; returns when it has taken over
     */
    default void replaceWriter(LogBackend present, LogBackend next) {
        // Each process appends for itself.
    }

    /**
     * Clauses that cannot be tested on this backend.
     *
     * @return clause and reason; each is printed instead of being tested
     */
    default Map<String, String> skips() {
        return Map.of();
    }

    /**
     * How long a test waits for what has to happen.
     *
     * @return generous by default: real brokers on a busy machine, and met at once by whoever keeps the contract
     */
    default Duration patience() {
        return Duration.ofSeconds(20);
    }

    @Override
    void close();
}

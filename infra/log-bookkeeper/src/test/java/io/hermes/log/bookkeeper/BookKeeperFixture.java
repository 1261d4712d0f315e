package io.hermes.log.bookkeeper;

import io.hermes.log.LogBackend;
import io.hermes.log.tck.LogFixture;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Real bookies, for the contract suite. A process's crash is as near as one process can come to it. */
final class BookKeeperFixture implements LogFixture {

    @Override
    public LogBackend open(String logName) {
        return SharedCluster.open(SharedCluster.config(logName));
    }

    @Override
    public void crash(LogBackend backend) {
        ((BookKeeperLogBackend) backend).abandon();
    }

    @Override
    public void replaceWriter(LogBackend present, LogBackend next) {
        BookKeeperLogBackend successor = (BookKeeperLogBackend) next;
        successor.takeOver();
        Awaitility.await("the take-over").atMost(patience()).until(successor::isSequencer);
    }

    @Override
    public void restartBrokers() {
        SharedCluster.restart();
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void close() {
        // The bookies are shared with other test classes.
    }
}

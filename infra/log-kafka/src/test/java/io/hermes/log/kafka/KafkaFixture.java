package io.hermes.log.kafka;

import io.hermes.log.LogBackend;
import io.hermes.log.tck.LogFixture;
import java.time.Duration;

/** A real broker, for the contract suite. A writer's crash is as near as one process can come to it: a sudden close. */
final class KafkaFixture implements LogFixture {

    @Override
    public LogBackend open(String logName) {
        return SharedBroker.open(SharedBroker.config().withTopicPrefix(logName));
    }

    @Override
    public void crash(LogBackend backend) {
        backend.close();
    }

    @Override
    public void restartBrokers() {
        SharedBroker.restart();
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void close() {
        // The broker is shared with other test classes.
    }
}

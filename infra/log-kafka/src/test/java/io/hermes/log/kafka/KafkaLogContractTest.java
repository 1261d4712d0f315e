package io.hermes.log.kafka;

import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;

class KafkaLogContractTest extends LogContract {

    @Override
    protected LogFixture fixture() {
        return new KafkaFixture();
    }
}

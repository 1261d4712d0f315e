package io.hermes.log.kafka;

import io.hermes.log.tck.LogFixture;
import io.hermes.log.tck.ReplyBusContract;

class KafkaReplyBusContractTest extends ReplyBusContract {

    @Override
    protected LogFixture fixture() {
        return new KafkaFixture();
    }
}

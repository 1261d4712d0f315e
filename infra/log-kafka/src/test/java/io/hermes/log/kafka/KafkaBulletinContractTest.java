package io.hermes.log.kafka;

import io.hermes.log.tck.BulletinContract;
import io.hermes.log.tck.LogFixture;

class KafkaBulletinContractTest extends BulletinContract {

    @Override
    protected LogFixture fixture() {
        return new KafkaFixture();
    }
}

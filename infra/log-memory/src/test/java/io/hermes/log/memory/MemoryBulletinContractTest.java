package io.hermes.log.memory;

import io.hermes.log.tck.BulletinContract;
import io.hermes.log.tck.LogFixture;

class MemoryBulletinContractTest extends BulletinContract {

    private final LogFixture fixture = new MemoryFixture();

    @Override
    protected LogFixture fixture() {
        return fixture;
    }
}

package io.hermes.log.memory;

import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.LogFixture;

class MemoryLogContractTest extends LogContract {

    private final LogFixture fixture = new MemoryFixture();

    @Override
    protected LogFixture fixture() {
        return fixture;
    }
}

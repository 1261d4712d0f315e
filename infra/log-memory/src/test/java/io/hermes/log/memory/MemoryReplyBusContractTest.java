package io.hermes.log.memory;

import io.hermes.log.tck.LogFixture;
import io.hermes.log.tck.ReplyBusContract;

class MemoryReplyBusContractTest extends ReplyBusContract {

    private final LogFixture fixture = new MemoryFixture();

    @Override
    protected LogFixture fixture() {
        return fixture;
    }
}

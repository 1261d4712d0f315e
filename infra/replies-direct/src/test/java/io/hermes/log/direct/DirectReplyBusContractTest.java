package io.hermes.log.direct;

import io.hermes.log.tck.LogFixture;
import io.hermes.log.tck.ReplyBusContract;

class DirectReplyBusContractTest extends ReplyBusContract {

    private final LogFixture fixture = new DirectFixture();

    @Override
    protected LogFixture fixture() {
        return fixture;
    }
}
